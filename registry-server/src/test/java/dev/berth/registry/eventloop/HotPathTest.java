package dev.berth.registry.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HotPathTest {
  private final ExecutorService blocking =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("blocking").factory());
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final HotPath hot = new HotPath(blocking);

  @AfterEach
  void stop() {
    blocking.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void whatIsKnownIsAnsweredOnTheEventLoop() throws Exception {
    assertThat(onLoop(() -> Thread.currentThread().getName())).isNotEqualTo("blocking");
  }

  @Test
  void whatMustWaitIsBegunAgainWhereItMay() throws Exception {
    // Given
    AtomicInteger begun = new AtomicInteger();

    // When
    String thread =
        onLoop(
            () -> {
              begun.incrementAndGet();
              EventLoop.leave();
              return Thread.currentThread().getName();
            });

    // Then
    assertThat(thread).isEqualTo("blocking");
    assertThat(begun).hasValue(2);
  }

  @Test
  void aFailureIsTheSameOnBothWays() {
    assertThatThrownBy(
            () ->
                onLoop(
                    () -> {
                      throw new IOException("at once");
                    }))
        .hasRootCauseMessage("at once");
    assertThatThrownBy(
            () ->
                onLoop(
                    () -> {
                      EventLoop.leave();
                      throw new IOException("later");
                    }))
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("later");
  }

  @Test
  void alsoAnErrorIsAnAnswer() {
    assertThatThrownBy(
            () ->
                onLoop(
                    () -> {
                      EventLoop.leave();
                      throw new StackOverflowError("too deep");
                    }))
        .hasRootCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void elsewhereNothingLeaves() throws Exception {
    String thread =
        hot.answer(
                () -> {
                  EventLoop.leave();
                  return Thread.currentThread().getName();
                })
            .toCompletableFuture()
            .join();

    assertThat(thread).isEqualTo(Thread.currentThread().getName());
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    CompletionStage<T> answer = loop.submit(() -> hot.answer(work)).get();
    return answer.toCompletableFuture().join();
  }
}
