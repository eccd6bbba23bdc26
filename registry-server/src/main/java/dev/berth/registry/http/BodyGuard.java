package dev.berth.registry.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a body that is framed wrongly fail. Netty ends such a body as if it were complete and only
 * marks it; what came so far must not be taken for all of it, and what follows on the connection
 * cannot be read. The same goes for what follows headers that cannot be read, and a body that
 * nobody waits for any longer.
 */
// Outcomes reach the promise that each call passes on.
@SuppressWarnings("FutureReturnValueIgnored")
final class BodyGuard extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(BodyGuard.class);

  private boolean broken;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpContent content
        && !(message instanceof HttpRequest)
        && content.decoderResult().isFailure()) {
      content.release();
      broken = true;
      ctx.fireExceptionCaught(new IOException("malformed chunk"));
    } else {
      broken |= message instanceof HttpRequest request && request.decoderResult().isFailure();
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof OutOfMemoryError || cause instanceof Http2Exception) {
      // Nothing that an answer could mend: no buffer is left to read into, or the client ended a
      // stream before the body that it announced, as it does when it was refused first.
      LOG.debug("a connection is closed", cause);
      ctx.close();
      return;
    }
    broken |= cause instanceof SlowBodyException;
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (broken && message instanceof HttpResponse response) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    if (broken && message instanceof LastHttpContent) {
      ctx.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
    } else {
      ctx.write(message, promise);
    }
  }
}
