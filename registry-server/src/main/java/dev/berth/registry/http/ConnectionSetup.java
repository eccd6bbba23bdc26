package dev.berth.registry.http;

import dev.berth.registry.config.RegistryConfiguration;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.timeout.IdleStateHandler;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Adds what the distribution API needs to each connection, below the HTTP layer. */
@Singleton
final class ConnectionSetup implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private final RegistryConfiguration.Limits limits;
  private final Provider<OpenConnections> connections;
  private final Provider<NettyHttpServerConfiguration> server;

  ConnectionSetup(
      RegistryConfiguration configuration,
      Provider<OpenConnections> connections,
      Provider<NettyHttpServerConfiguration> server) {
    this.limits = configuration.limits();
    this.connections = connections;
    this.server = server;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    OpenConnections open = connections.get();
    event
        .getBean()
        .register(
            new Customizer(
                limits, open, new ReadBuffers(open::count), decoder(server.get()), null));
    return event.getBean();
  }

  /** As the framework sets it up, but for the number of headers. */
  private static HttpDecoderConfig decoder(NettyHttpServerConfiguration server) {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(server.getMaxInitialLineLength())
        .setMaxHeaderSize(server.getMaxHeaderSize())
        .setMaxChunkSize(server.getMaxChunkSize())
        .setInitialBufferSize(server.getInitialBufferSize())
        .setHeadersFactory(FewHeaders.FACTORY)
        .setTrailersFactory(FewHeaders.FACTORY);
  }

  private record Customizer(
      RegistryConfiguration.Limits limits,
      OpenConnections connections,
      ReadBuffers buffers,
      HttpDecoderConfig decoder,
      @Nullable Channel channel)
      implements NettyServerCustomizer {

    @Override
    public NettyServerCustomizer specializeForChannel(Channel specific, ChannelRole role) {
      // What hundreds of clients send at once lies in buffers of every size and age. A pool keeps a
      // region for as long as one of its buffers is in use, and ran out with half of it empty.
      specific.config().setAllocator(UnpooledByteBufAllocator.DEFAULT);
      if (role == ChannelRole.CONNECTION) {
        connections.opened(specific);
        specific.config().setRecvByteBufAllocator(buffers);
      }
      return new Customizer(limits, connections, buffers, decoder, specific);
    }

    @Override
    public void onInitialPipelineBuilt() {
      if (channel != null) {
        Http2FrameCodec codec = channel.pipeline().get(Http2FrameCodec.class);
        if (codec != null) {
          channel.pipeline().addLast("berth-http2", new Http2Connection(codec));
        }
      }
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel == null) {
        return;
      }
      ChannelPipeline pipeline = channel.pipeline();
      String above = ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND;
      if (pipeline.get(above) != null) {
        BodyPace pace = new BodyPace(limits);
        pipeline.addBefore(above, "berth-body-pace", pace);
        pipeline.addBefore(above, "berth-body-guard", new BodyGuard());
        pipeline.addBefore(
            above, "berth-send-file", new SendFileHandler(BodyPace.leastBytes(limits), pace));
        String codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
        if (pipeline.get(codec) != null) {
          pipeline.replace(codec, codec, new HttpServerCodec(decoder));
          pipeline.addBefore(
              codec,
              "berth-header-deadline",
              new HeaderDeadline(limits.connections().headerTimeout(), pace));
        }
        if (channel instanceof Http2StreamChannel) {
          pipeline.addBefore(
              "berth-send-file",
              "berth-idle",
              new IdleStateHandler(0, 0, limits.idleTimeout().toMillis(), TimeUnit.MILLISECONDS));
          pipeline.addBefore(above, "berth-deferred-read", new DeferredRead());
        }
        pipeline.addBefore(above, "berth-body-on-demand", new BodyOnDemand());
      }
    }
  }
}
