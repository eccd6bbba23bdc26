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
 * Ends a connection that begins a request and does not come to the end of its headers, in time or
 * within so many of them. Stands below the HTTP codec, where their bytes are seen before they are a
 * request. Costs a timer only where they do not come at once.
 */
// What becomes of the answer concerns nobody: the connection ends.
@SuppressWarnings("FutureReturnValueIgnored")
final class HeaderDeadline extends ChannelInboundHandlerAdapter {
  private static final byte LINE_FEED = '\n';

  /** More than any client sends; each costs memory, however short it is. */
  private static final int MOST_LINES = 200;

  /** A request that comes whole in less is not looked at. */
  private static final int FEW_BYTES = 1024;

  private final Duration limit;
  private final BodyPace requests;
  private boolean begun;
  private int lines;
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
    if (!requests.isReceiving()) {
      lines += begun || isLarge(message) ? linesIn(message) : 0;
      begun = true;
    }
    ctx.fireChannelRead(message);
    if (requests.requests() != before) {
      begun = false;
      lines = 0;
    } else if (begun && lines > MOST_LINES) {
      end(
          ctx,
          "431 Request Header Fields Too Large",
          ErrorCode.SIZE_INVALID,
          "the request has more than " + MOST_LINES + " headers");
    }
  }

  private static boolean isLarge(Object message) {
    return message instanceof ByteBuf bytes && bytes.readableBytes() > FEW_BYTES;
  }

  private static int linesIn(Object message) {
    int found = 0;
    if (message instanceof ByteBuf bytes) {
      int end = bytes.writerIndex();
      for (int at = bytes.readerIndex(); at < end; at++) {
        found += bytes.getByte(at) == LINE_FEED ? 1 : 0;
      }
    }
    return found;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    Future<?> running = timer;
    if (begun && running == null) {
      timer = ctx.executor().schedule(() -> tooLate(ctx), limit.toNanos(), TimeUnit.NANOSECONDS);
    } else if (!begun && running != null) {
      timer = null;
      running.cancel(false);
    }
  }

  private void tooLate(ChannelHandlerContext ctx) {
    end(
        ctx,
        "408 Request Timeout",
        ErrorCode.UNSUPPORTED,
        "the headers of the request took longer than "
            + limit.toMillis()
            + " ms; send them at once");
  }

  private void end(ChannelHandlerContext ctx, String status, ErrorCode code, String message) {
    // No timer is to hold what came of the headers any longer.
    begun = false;
    if (requests.isAnswered()) {
      ctx.writeAndFlush(answer(status, code, message)).addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.close();
    }
  }

  private static ByteBuf answer(String status, ErrorCode code, String message) {
    byte[] body = Json.bytes(ErrorAnswer.of(code, message, Map.of()));
    String head =
        """
        HTTP/1.1 %s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        %s: registry/2.0\r
        Connection: close\r
        \r
        """
            .formatted(status, body.length, Answer.API_VERSION);
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
