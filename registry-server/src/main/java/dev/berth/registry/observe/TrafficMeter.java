package dev.berth.registry.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Counts the bytes of every connection where they leave and enter the process. */
@Singleton
final class TrafficMeter implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private final Provider<MeterRegistry> meters;

  TrafficMeter(Provider<MeterRegistry> meters) {
    this.meters = meters;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(new Counting(meters.get()), null));
    return event.getBean();
  }

  private record Customizer(Counting counting, @Nullable Channel connection)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return new Customizer(counting, role == ChannelRole.CONNECTION ? channel : null);
    }

    @Override
    public void onInitialPipelineBuilt() {
      if (connection != null) {
        connection.pipeline().addFirst("berth-traffic", counting);
      }
    }
  }

  @Sharable
  private static final class Counting extends ChannelDuplexHandler {
    private final Counter in;
    private final Counter out;

    Counting(MeterRegistry meters) {
      in = meters.counter("berth.network.bytes", "direction", "in");
      out = meters.counter("berth.network.bytes", "direction", "out");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (message instanceof ByteBuf bytes) {
        in.increment(bytes.readableBytes());
      }
      super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
        throws Exception {
      if (message instanceof ByteBuf bytes) {
        out.increment(bytes.readableBytes());
      } else if (message instanceof FileRegion file) {
        out.increment((double) file.count());
      }
      super.write(context, message, promise);
    }
  }
}
