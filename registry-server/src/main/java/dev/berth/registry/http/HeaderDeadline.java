package dev.berth.registry.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.berth.registry.oci.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection that begins a request and does not come to the end of its headers. Stands below
 * the HTTP codec, where their bytes are seen before they are a request. Costs a timer only where
 * they do not come at once.
 */
// What becomes of the answer concerns nobody: the connection ends.
@SuppressWarnings("FutureReturnValueIgnored")
final class HeaderDeadline extends ChannelInboundHandlerAdapter {
  private final Duration limit;
  private final BodyPace requests;
  private boolean begun;
  private @Nullable Future<?> timer;

  /**
   * Makes one for a connection.
   *
   * @param requests of the same connection, above the codec
   */
  HeaderDeadline(Duration limit, BodyPace requests) {
    this.limit = limit;
    this.requests = requests;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    long before = requests.requests();
    begun |= !requests.isReceiving();
    ctx.fireChannelRead(message);
    if (requests.requests() != before) {
      begun = false;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    Future<?> running = timer;
    if (begun && running == null) {
      timer = ctx.executor().schedule(() -> end(ctx), limit.toNanos(), TimeUnit.NANOSECONDS);
    } else if (!begun && running != null) {
      timer = null;
      running.cancel(false);
    }
  }

  private void end(ChannelHandlerContext ctx) {
    // No timer is to hold what came of the headers any longer.
    begun = false;
    if (requests.isAnswered()) {
      ctx.writeAndFlush(answer()).addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.close();
    }
  }

  private ByteBuf answer() {
    byte[] body =
        Json.bytes(
            ErrorAnswer.of(
                ErrorCode.UNSUPPORTED,
                "the headers of the request took longer than "
                    + limit.toMillis()
                    + " ms; send them at once",
                Map.of()));
    String head =
        """
        HTTP/1.1 408 Request Timeout\r
        Content-Type: application/json\r
        Content-Length: %d\r
        %s: registry/2.0\r
        Connection: close\r
        \r
        """
            .formatted(body.length, Answer.API_VERSION);
    return Unpooled.wrappedBuffer(head.getBytes(US_ASCII), body);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
    ctx.fireChannelInactive();
  }
}
