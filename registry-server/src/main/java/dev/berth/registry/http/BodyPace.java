package dev.berth.registry.http;

import dev.berth.registry.config.RegistryConfiguration;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request whose body comes too slowly: one that brings a byte now and then is never idle and
 * would keep a thread, a session and a connection for ever. Only the time counts in which the
 * server waited for the client, so that a slow disk is not held against it. Costs a timer for each
 * body that does not come together with its headers, and nothing for the other requests.
 */
// Outcomes reach the promise that each call passes on.
@SuppressWarnings("FutureReturnValueIgnored")
final class BodyPace extends ChannelDuplexHandler {
  private final long periodNanos;
  private final long leastBytes;

  private boolean receiving;
  private int unanswered;
  private boolean informational;
  private long requests;

  private boolean waiting;
  private long waitingSince;
  private long waitedNanos;
  private long receivedBytes;
  private @Nullable Future<?> timer;

  BodyPace(RegistryConfiguration.Limits limits) {
    this.periodNanos = limits.idleTimeout().toNanos();
    this.leastBytes = leastBytes(limits);
  }

  /** What a client must send or take in the time after which it is idle. */
  static long leastBytes(RegistryConfiguration.Limits limits) {
    return Math.max(
        1, limits.connections().slowestBytesPerSecond() * limits.idleTimeout().toMillis() / 1000);
  }

  /** How many requests have begun to arrive on this connection. */
  long requests() {
    return requests;
  }

  /** Whether a body is due. */
  boolean isReceiving() {
    return receiving;
  }

  /** Whether the client waits for no answer. */
  boolean isAnswered() {
    return unanswered == 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      requests++;
      unanswered++;
      receiving = request.decoderResult().isSuccess();
      waitedNanos = 0;
      receivedBytes = 0;
    }
    if (message instanceof HttpContent content) {
      receivedBytes += content.content().readableBytes();
    }
    if (message instanceof LastHttpContent) {
      receiving = false;
      stop();
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (receiving && waiting) {
      waitedNanos += ctx.executor().ticker().nanoTime() - waitingSince;
    }
    waiting = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (receiving && !waiting) {
      waiting = true;
      waitingSince = ctx.executor().ticker().nanoTime();
      if (timer == null) {
        judgeIn(ctx, periodNanos);
      }
    }
    ctx.read();
  }

  private void judgeIn(ChannelHandlerContext ctx, long nanos) {
    timer = ctx.executor().schedule(() -> judge(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void judge(ChannelHandlerContext ctx) {
    timer = null;
    if (!receiving) {
      return;
    }
    if (!waiting) {
      // The next read begins the time anew.
      waitedNanos = 0;
      receivedBytes = 0;
      return;
    }
    long waited = waitedNanos + ctx.executor().ticker().nanoTime() - waitingSince;
    if (waited < periodNanos) {
      judgeIn(ctx, periodNanos - waited);
    } else if (receivedBytes < leastBytes) {
      end(ctx);
    } else {
      waitingSince += waited - waitedNanos;
      waitedNanos = 0;
      receivedBytes = 0;
      judgeIn(ctx, periodNanos);
    }
  }

  private void end(ChannelHandlerContext ctx) {
    receiving = false;
    if (isAnswered()) {
      ctx.close();
    } else {
      ctx.fireExceptionCaught(new SlowBodyException());
    }
  }

  private void stop() {
    Future<?> running = timer;
    if (running != null) {
      timer = null;
      running.cancel(false);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
    if (message instanceof LastHttpContent && !informational) {
      unanswered--;
    }
    ctx.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    receiving = false;
    stop();
    ctx.fireChannelInactive();
  }
}
