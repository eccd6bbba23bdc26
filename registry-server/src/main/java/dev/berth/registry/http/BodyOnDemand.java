package dev.berth.registry.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a body with its client until somebody wants it. The layer above reads 64 KiB ahead of a
 * request that may be refused, or waits for a password to be checked: some hundred such requests
 * would take all the memory.
 *
 * <p>That layer says that it wants a body by answering 100 (Continue), where the client expects it.
 * So each body of more than 4 KiB is made to look as if its client did, and the answer goes no
 * further. HTTP/1.0 has no such answer; its bodies are read ahead. After the final answer to a
 * request, the layer above reads what is left of the body to be rid of it.
 */
// Outcomes reach the promise that each call passes on.
@SuppressWarnings("FutureReturnValueIgnored")
final class BodyOnDemand extends ChannelDuplexHandler {
  /** What is no larger comes with its headers, mostly, and thousands of them fit into memory. */
  private static final int SMALL_BYTES = 4 * 1024;

  /** In the order in which they will be answered. */
  private final Deque<Body> unanswered = new ArrayDeque<>(1);

  private @Nullable Body arriving;
  private boolean readWaits;

  private static final class Body {
    private final boolean pretended;
    private boolean wanted;

    private Body(boolean pretended, boolean wanted) {
      this.pretended = pretended;
      this.wanted = wanted;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      arriving = begin(request);
      unanswered.add(arriving);
    }
    if (message instanceof LastHttpContent) {
      arriving = null;
    }
    ctx.fireChannelRead(message);
  }

  private static Body begin(HttpRequest request) {
    boolean expects = HttpUtil.is100ContinueExpected(request);
    boolean large =
        request.decoderResult().isSuccess()
            && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
            && (HttpUtil.isTransferEncodingChunked(request) || length(request) > SMALL_BYTES);
    if (large && !expects) {
      request.headers().set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
    }
    return new Body(large && !expects, !large);
  }

  private static long length(HttpRequest request) {
    try {
      return HttpUtil.getContentLength(request, 0L);
    } catch (NumberFormatException e) {
      // Refused above.
      return 0;
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (arriving == null || arriving.wanted) {
      ctx.read();
    } else {
      readWaits = true;
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean goesOn = false;
    if (message instanceof HttpResponse response) {
      Body body = unanswered.peek();
      goesOn = response.status().equals(HttpResponseStatus.CONTINUE);
      if (body != null) {
        want(ctx, body);
        if (goesOn && body.pretended) {
          ReferenceCountUtil.release(message);
          promise.trySuccess();
          return;
        }
      }
    }
    if (message instanceof LastHttpContent && !goesOn) {
      unanswered.poll();
    }
    ctx.write(message, promise);
  }

  private void want(ChannelHandlerContext ctx, Body body) {
    body.wanted = true;
    if (readWaits && body == arriving) {
      readWaits = false;
      ctx.read();
    }
  }
}
