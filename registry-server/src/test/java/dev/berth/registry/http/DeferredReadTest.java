package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.flow.FlowControlHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The layer above is never handed a message while it deals with another one. */
final class DeferredReadTest {

  /** Asks for the next message in the middle of one, as the body of a request does. */
  private static final class Eager extends ChannelInboundHandlerAdapter {
    final List<Object> seen = new ArrayList<>();
    boolean dealing;
    boolean interrupted;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      interrupted |= dealing;
      dealing = true;
      seen.add(message);
      ctx.read();
      dealing = false;
    }
  }

  /** Asks when it has dealt with everything, as a connection does. */
  private static final class Patient extends ChannelInboundHandlerAdapter {
    final Reads below = new Reads();
    boolean passedOnAtOnce;

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      int before = below.count;
      ctx.read();
      passedOnAtOnce = below.count == before + 1;
    }
  }

  @Test
  void whatIsInStoreComesOnlyWhenThePreviousIsDealtWith() {
    // Given
    Eager above = new Eager();
    EmbeddedChannel channel = with(above);
    channel.writeInbound("first", "second", "third");

    // When
    channel.read();
    channel.runPendingTasks();

    // Then
    assertThat(above.seen).containsExactly("first", "second", "third");
    assertThat(above.interrupted).isFalse();
  }

  @Test
  void whoAsksWhenAllIsDealtWithDoesNotWait() {
    // Given
    Patient above = new Patient();
    EmbeddedChannel channel = with(above);
    channel.pipeline().addFirst(above.below);

    // When
    channel.read();
    channel.writeInbound("first");

    // Then
    assertThat(above.passedOnAtOnce).isTrue();
  }

  private static EmbeddedChannel with(ChannelInboundHandlerAdapter above) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(new FlowControlHandler(), new DeferredRead(), above);
    return channel;
  }
}
