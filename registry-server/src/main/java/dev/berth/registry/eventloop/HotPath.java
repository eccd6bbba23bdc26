package dev.berth.registry.eventloop;

import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/**
 * Answers at once what is known in memory, which is nearly every pull: a change of threads costs
 * more than the whole answer does. The rest is begun again where it may wait.
 */
@Singleton
public final class HotPath {
  private final ExecutorService blocking;

  HotPath(@Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.blocking = blocking;
  }

  /**
   * Runs what reads alone, so that it may be begun twice.
   *
   * @throws Exception what the work throws, where it was not begun again
   */
  public <T> CompletionStage<T> answer(Callable<T> work) throws Exception {
    try {
      return CompletableFuture.completedFuture(work.call());
    } catch (MustLeaveException e) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      blocking.execute(PropagatedContext.wrapCurrent(() -> complete(answer, work)));
      return answer;
    }
  }

  private static <T> void complete(CompletableFuture<T> answer, Callable<T> work) {
    try {
      answer.complete(work.call());
    } catch (Exception | Error e) {
      // Whatever it is: a client that is not answered would wait for ever.
      answer.completeExceptionally(e);
    }
  }
}
