package dev.berth.registry.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * Keeps the frames of an HTTP/2 stream from coming while the layer above still deals with the
 * previous ones. It asks for more in the middle of that, as a socket never answers before the call
 * returns; a stream that has frames in store does, and the body of the request would be handed the
 * next piece while it passes the one before on.
 */
final class DeferredRead extends ChannelDuplexHandler {
  /** The layer above has dealt with everything that it was given. */
  private boolean completing;

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    boolean outermost = !completing;
    completing = true;
    try {
      ctx.fireChannelReadComplete();
    } finally {
      completing = !outermost;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    boolean before = completing;
    completing = false;
    try {
      ctx.fireChannelRead(message);
    } finally {
      completing = before;
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (completing) {
      ctx.read();
    } else {
      ctx.executor().execute(ctx::read);
    }
  }
}
