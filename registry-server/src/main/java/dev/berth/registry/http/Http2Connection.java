package dev.berth.registry.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an HTTP/2 connection needs besides its streams: room for several uploads at once, and an
 * end, when nothing has come or gone for long, or after its last request when the server goes.
 */
// Nothing is to be done where a write fails: the connection is closed then.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http2Connection extends ChannelInboundHandlerAdapter {
  /**
   * What clients may send before it is read, in all streams of one connection together. The
   * protocol's own 64 KiB would make an upload wait for the network after each of them.
   */
  private static final int WINDOW_BYTES = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

  private final Http2FrameCodec codec;

  Http2Connection(Http2FrameCodec codec) {
    this.codec = codec;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(
        new DefaultHttp2WindowUpdateFrame(WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
    codec
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onGoAwaySent(int lastStreamId, long errorCode, ByteBuf debugData) {
                closeWhenDone(ctx);
              }

              @Override
              public void onStreamClosed(Http2Stream stream) {
                if (codec.connection().goAwaySent()) {
                  closeWhenDone(ctx);
                }
              }
            });
  }

  /** Not every client hangs up when it is told that the server goes. */
  private void closeWhenDone(ChannelHandlerContext ctx) {
    if (codec.connection().numActiveStreams() == 0) {
      ctx.executor().execute(ctx::close);
    }
  }

  /** The layers below close the connection; what a client did is no fault of the server. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("an HTTP/2 connection ends: {}", cause.toString());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent idle && idle.state() == IdleState.ALL_IDLE) {
      // A stream that is idle is ended by itself, and one that waits for its answer is not idle.
      if (codec.connection().numActiveStreams() == 0) {
        ctx.close();
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
