package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the cluster asks the operator itself. */
class HealthAndMetricsIT {

  @Test
  void aRunningOperatorIsHealthyAndShowsItsMetrics() throws Exception {
    try (RunningOperator operator = new RunningOperator();
        HttpClient http = HttpClient.newHttpClient()) {
      // Given
      URI server = operator.server().getURI();

      // Then
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> get(http, server.resolve("/health/readiness")).statusCode() == 200);
      assertThat(get(http, server.resolve("/health/liveness")).statusCode()).isEqualTo(200);
      assertThat(get(http, server.resolve("/metrics")).body()).contains("jvm_memory_used_bytes");
      assertThat(get(http, server.resolve("/beans")).statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(HttpClient http, URI uri)
      throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
