package dev.berth.registry.auth;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.concurrent.CountDownLatch;

/** Answers when it is told to. */
@Controller("/v2/_slow")
@ExecuteOn(TaskExecutors.BLOCKING)
public final class SlowProbe {
  public final CountDownLatch arrived = new CountDownLatch(1);
  public final CountDownLatch released = new CountDownLatch(1);

  @Get
  String answer() throws InterruptedException {
    arrived.countDown();
    released.await();
    return "done";
  }
}
