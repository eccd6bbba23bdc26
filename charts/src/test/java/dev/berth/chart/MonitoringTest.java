package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Monitoring is there for who asks for it. That the metrics exist is tested where the operator
 * runs.
 */
class MonitoringTest {
  private static final Path MONITORING = Path.of("berth/ci/monitoring-values.yaml");

  @Test
  void withoutBeingAskedForThereIsNothingThatNeedsThePrometheusOperator() {
    Rendered rendered = Rendered.with();

    assertThat(rendered.objects())
        .noneMatch(object -> object.path("apiVersion").asText().startsWith("monitoring."));
    assertThat(rendered.find("ConfigMap")).isEmpty();
  }

  @Test
  void theServiceMonitorSelectsTheServiceOfTheOperatorsPods() {
    Rendered rendered = Rendered.with(MONITORING);
    JsonNode monitor = rendered.the("ServiceMonitor");
    JsonNode service = rendered.the("Service");

    assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("monitoring");
    monitor
        .at("/spec/selector/matchLabels")
        .properties()
        .forEach(
            label ->
                assertThat(service.at("/metadata/labels").path(label.getKey()))
                    .isEqualTo(label.getValue()));
    assertThat(monitor.at("/spec/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
    assertThat(service.at("/spec/selector"))
        .isEqualTo(rendered.the("Deployment").at("/spec/selector/matchLabels"));
    assertThat(rendered.container().at("/ports/0/name"))
        .isEqualTo(service.at("/spec/ports/0/targetPort"));
  }

  @Test
  void everyAlertSaysWhatHappenedAndWhatToDo() {
    JsonNode rules = Rendered.with(MONITORING).the("PrometheusRule").at("/spec/groups/0/rules");

    assertThat(rules).isNotEmpty();
    assertThat(Rendered.items(rules))
        .allSatisfy(
            rule -> {
              assertThat(rule.path("alert").asText()).startsWith("Berth");
              assertThat(rule.path("expr").asText())
                  .contains("job=\"berth-operator-metrics\",namespace=\"berth-system\"")
                  .doesNotContain("{ ");
              assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
              assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
              assertThat(rule.at("/annotations/description").asText()).isNotEmpty();
            });
  }

  @Test
  void theDashboardIsJsonForGrafanasSidecar() throws IOException {
    JsonNode configMap = Rendered.with(MONITORING).the("ConfigMap");
    JsonNode dashboard =
        new JsonMapper().readTree(configMap.at("/data/berth-operator.json").asText());

    assertThat(configMap.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    assertThat(dashboard.path("panels")).isNotEmpty();
    assertThat(Rendered.items(dashboard.path("panels")).map(panel -> panel.path("id").asInt()))
        .doesNotHaveDuplicates();
  }
}
