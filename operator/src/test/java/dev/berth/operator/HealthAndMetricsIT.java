package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.chart.Chart;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  @Test
  void whatAlertsAndTheDashboardAskForExists() throws Exception {
    // Given
    Set<String> asked = metricsOfTheChart();
    assertThat(asked).contains("reconciliations_failure_total", "custom_resources");
    try (RunningOperator operator = new RunningOperator();
        HttpClient http = HttpClient.newHttpClient()) {
      operator.namespace("n");

      // When
      operator.client().resource(registry("well")).create();
      URI metrics = operator.server().getURI().resolve("/metrics");
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> get(http, metrics).body().contains("reconciliations_success_total{"));
      // A visit fails when the operator may not write what it found.
      operator.client().rbac().clusterRoleBindings().withName("berth-operator").delete();
      operator.client().resource(registry("ill")).create();

      // Then
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(names(get(http, metrics).body())).containsAll(asked));
    }
  }

  private static HasMetadata registry(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Registry
        metadata: {name: %s, namespace: n}
        spec: {}
        """
            .formatted(name),
        GenericKubernetesResource.class);
  }

  /** Every name that an expression of the chart selects by. */
  private static Set<String> metricsOfTheChart() {
    String rendered =
        new Chart(Path.of("..", "charts", "berth"))
            .render(
                Chart.Release.of("berth", "berth-system")
                    .with("metrics.alerts.enabled=true", "metrics.dashboard.enabled=true"));
    return Pattern.compile("\\b([a-z][a-z0-9_]+)\\{(?:job|namespace)")
        .matcher(rendered)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toSet());
  }

  private static Set<String> names(String metrics) {
    return metrics
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toSet());
  }

  private static HttpResponse<String> get(HttpClient http, URI uri)
      throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
