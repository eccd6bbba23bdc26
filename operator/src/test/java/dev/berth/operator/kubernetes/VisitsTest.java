package dev.berth.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VisitsTest {

  @Test
  void aVisitDoesNotWaitForReports() throws InterruptedException {
    // Given
    try (Visits visits = new Visits(1, 1)) {
      CountDownLatch reporting = new CountDownLatch(1);
      CountDownLatch visited = new CountDownLatch(1);
      CountDownLatch reported = new CountDownLatch(2);
      Visits.ofReports(
          () -> {
            for (int i = 0; i < 2; i++) {
              visits.execute(
                  () -> {
                    reporting.countDown();
                    awaitUninterrupted(visited);
                    reported.countDown();
                  });
            }
          });
      assertThat(reporting.await(1, TimeUnit.MINUTES)).isTrue();

      // When
      visits.execute(visited::countDown);

      // Then
      assertThat(visited.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(reported.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void nothingIsTakenOnceItEnds() throws InterruptedException {
    Visits visits = new Visits(1, 1);

    visits.shutdown();

    assertThat(visits.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(visits.isShutdown()).isTrue();
    assertThat(visits.isTerminated()).isTrue();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
