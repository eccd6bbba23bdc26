package dev.berth.registry.http;

import dev.berth.registry.oci.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the file that a response orders: by the kernel on plain HTTP, in chunks where the bytes
 * must be encrypted or framed. The HTTP layer above takes the response for written long before it
 * is, so that until then this handler holds back what follows it: later responses, further
 * requests, and closing.
 */
// Outcomes reach the promise that each call passes on, or finished().
@SuppressWarnings("FutureReturnValueIgnored")
final class SendFileHandler extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SendFileHandler.class);
  private static final int CHUNK_BYTES = 128 * 1024;
  private static final String CHUNKS = "berth-chunks";

  private record Held(Object message, ChannelPromise promise) {}

  private final long leastBytes;
  private final BodyPace requests;

  /** How many bytes have left; null while nothing is being sent. */
  private @Nullable LongSupplier progress;

  private long lastProgress;
  private final Queue<Held> held = new ArrayDeque<>();
  private @Nullable ChannelPromise heldClose;
  private boolean heldRead;

  /**
   * Makes one for a connection.
   *
   * @param leastBytes what a client must take in the time after which a connection is idle
   * @param requests of the same connection
   */
  SendFileHandler(long leastBytes, BodyPace requests) {
    this.leastBytes = leastBytes;
    this.requests = requests;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (progress != null) {
      held.add(new Held(message, promise));
    } else if (message instanceof FullHttpResponse response
        && response.headers().contains(SendFile.HEADER)) {
      send(ctx, response, promise);
    } else {
      ctx.write(message, promise);
    }
  }

  private void send(ChannelHandlerContext ctx, FullHttpResponse ordering, ChannelPromise promise) {
    SendFile order = SendFile.parse(ordering.headers().get(SendFile.HEADER));
    ordering.headers().remove(SendFile.HEADER);
    ordering.release();
    FileChannel file;
    try {
      file = open(order);
    } catch (IOException e) {
      LOG.error("content that the metadata knows cannot be read from {}", order.file(), e);
      ctx.write(failure(ordering), promise);
      return;
    }
    ordering.headers().set(HttpHeaderNames.CONTENT_LENGTH, order.length());
    ctx.write(
        new DefaultHttpResponse(ordering.protocolVersion(), ordering.status(), ordering.headers()));
    ChannelPromise sent = ctx.newPromise();
    sent.addListener(done -> finished(ctx, done.cause()));
    lastProgress = 0;
    if (kernelCanSend(ctx.channel())) {
      DefaultFileRegion region = new DefaultFileRegion(file, order.from(), order.length());
      progress = region::transferred;
      ctx.write(region);
      ctx.write(LastHttpContent.EMPTY_LAST_CONTENT, sent);
    } else {
      writeChunks(ctx, file, order, sent);
    }
    // The layer above may close on its promise, so that it comes true only now.
    sent.addListener(
        done -> {
          if (done.isSuccess()) {
            promise.trySuccess();
          } else {
            promise.tryFailure(done.cause());
          }
        });
  }

  private static FileChannel open(SendFile order) throws IOException {
    FileChannel file = FileChannel.open(order.file(), StandardOpenOption.READ);
    if (file.size() < order.from() + order.length()) {
      file.close();
      throw new IOException("the file is shorter than the metadata says");
    }
    return file;
  }

  private static boolean kernelCanSend(Channel channel) {
    return channel instanceof SocketChannel && channel.pipeline().get(SslHandler.class) == null;
  }

  private void writeChunks(
      ChannelHandlerContext ctx, FileChannel file, SendFile order, ChannelPromise sent) {
    if (ctx.pipeline().get(CHUNKS) == null) {
      ctx.pipeline().addBefore(ctx.name(), CHUNKS, new ChunkedWriteHandler());
    }
    try {
      ChunkedNioFile chunks = new ChunkedNioFile(file, order.from(), order.length(), CHUNK_BYTES);
      progress = chunks::currentOffset;
      ctx.write(new HttpChunkedInput(chunks), sent);
    } catch (IOException e) {
      sent.tryFailure(e);
    }
  }

  private static FullHttpResponse failure(FullHttpResponse instead) {
    byte[] body =
        Json.bytes(
            ErrorAnswer.of(
                ErrorCode.UNAVAILABLE,
                "the registry cannot read this blob; its log says why",
                Map.of()));
    ByteBuf content = Unpooled.wrappedBuffer(body);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            instead.protocolVersion(), HttpResponseStatus.INTERNAL_SERVER_ERROR, content);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    response.headers().set(Answer.API_VERSION, "registry/2.0");
    return response;
  }

  private void finished(ChannelHandlerContext ctx, @Nullable Throwable failure) {
    progress = null;
    if (failure != null) {
      // Part of the body may have left: only the end of the connection says that the rest will not.
      ctx.close();
      return;
    }
    while (progress == null && !held.isEmpty()) {
      Held next = held.remove();
      write(ctx, next.message(), next.promise());
    }
    ctx.flush();
    if (progress == null) {
      resume(ctx);
    }
  }

  private void resume(ChannelHandlerContext ctx) {
    ChannelPromise close = heldClose;
    if (close != null) {
      heldClose = null;
      ctx.close(close);
    } else if (heldRead) {
      heldRead = false;
      ctx.read();
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (progress == null) {
      ctx.read();
    } else {
      heldRead = true;
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (progress == null) {
      ctx.close(promise);
    } else if (heldClose == null) {
      heldClose = promise;
    } else {
      ctx.channel().closeFuture().addListener(done -> promise.trySuccess());
    }
  }

  /**
   * A slow client is not an idle one, and neither is one that waits for its answer; a client that
   * takes next to nothing of it is closed on.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    LongSupplier sending = progress;
    if (!(event instanceof IdleStateEvent)) {
      ctx.fireUserEventTriggered(event);
    } else if (sending != null) {
      long now = sending.getAsLong();
      if (now - lastProgress < leastBytes) {
        ctx.close();
      }
      lastProgress = now;
    } else if (requests.isAnswered()) {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    progress = null;
    for (Held waiting : held) {
      ReferenceCountUtil.release(waiting.message());
      waiting.promise().tryFailure(new IOException("the connection was closed"));
    }
    held.clear();
    ctx.fireChannelInactive();
  }
}
