package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What tools read in kube-public of a Registry that asks for it. */
@NullUnmarked // a null is a failed test
class LocalRegistryHostingIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String NAMESPACE = "hosting";
  private static final String ANNOTATION = "berth.dev/local-registry-hosting";

  private RunningOperator operator;
  private Scenario scenario;

  private void start(boolean allowed) throws Exception {
    operator =
        new RunningOperator(
            Map.of("berth.local-registry-hosting", allowed),
            allowed ? List.of("localRegistryHosting.enabled=true") : List.of());
    assumeFalse(operator.isWhole(), "there is one in the cluster, and it is not the test's");
    operator.namespace("kube-public");
    operator.namespace(NAMESPACE);
    scenario = new Scenario(operator, NAMESPACE);
  }

  @AfterEach
  void stop() {
    scenario.close();
    operator.close();
  }

  @Test
  void toolsLearnTheHostsUntilTheAnnotationGoes() throws Exception {
    // Given
    start(true);
    scenario.apply("Registry", "main", "{externalHosts: [\"localhost:30500\"]}");

    // When
    scenario.annotate(ANNOTATION, "true");

    // Then
    await().atMost(SOON).until(() -> configMap() != null);
    JsonNode hosting = hosting();
    assertThat(hosting.path("host").asText()).isEqualTo("localhost:30500");
    assertThat(hosting.path("hostFromClusterNetwork").asText()).isEqualTo("main.hosting.svc");
    // Nodes have not been told the name.
    assertThat(hosting.has("hostFromContainerRuntime")).isFalse();
    await()
        .atMost(SOON)
        .until(() -> condition().filter(c -> c.status() == ConditionStatus.TRUE).isPresent());

    // When
    scenario.apply(
        "Registry",
        "main",
        "{externalHosts: [\"localhost:30500\"], nodeAccess: {mode: HostsToml}}");

    // Then
    await()
        .atMost(SOON)
        .until(
            () -> hosting().path("hostFromContainerRuntime").asText().equals("main.hosting.svc"));

    // When
    scenario.annotate(ANNOTATION, "false");

    // Then
    await().atMost(SOON).until(() -> configMap() == null);
    await().atMost(SOON).until(() -> condition().isEmpty());
    await()
        .atMost(SOON)
        .until(() -> !scenario.registry().getMetadata().getFinalizers().contains(ANNOTATION));
  }

  @Test
  void itGoesWithTheRegistry() throws Exception {
    // Given
    start(true);
    scenario.apply("Registry", "main", "{}");
    scenario.annotate(ANNOTATION, "true");
    await().atMost(SOON).until(() -> configMap() != null);

    // When
    operator.client().resources(Registry.class).inNamespace(NAMESPACE).withName("main").delete();

    // Then
    await().atMost(SOON).until(() -> scenario.registry() == null);
    assertThat(configMap()).isNull();
  }

  @Test
  void oneOfSomebodyElseIsLeftAlone() throws Exception {
    // Given
    start(true);
    ConfigMap foreign =
        operator
            .client()
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("local-registry-hosting")
                    .withNamespace("kube-public")
                    .endMetadata()
                    .withData(Map.of("localRegistryHosting.v1", "host: localhost:5001\n"))
                    .build())
            .create();
    scenario.apply("Registry", "main", "{}");

    // When
    scenario.annotate(ANNOTATION, "true");

    // Then
    await()
        .atMost(SOON)
        .until(() -> condition().filter(c -> c.reason().equals("Conflict")).isPresent());
    assertThat(condition().orElseThrow().message()).contains("kube-public", "not one of Berth's");

    // When
    operator.client().resources(Registry.class).inNamespace(NAMESPACE).withName("main").delete();

    // Then
    await().atMost(SOON).until(() -> scenario.registry() == null);
    assertThat(configMap().getMetadata().getResourceVersion())
        .isEqualTo(foreign.getMetadata().getResourceVersion());
  }

  @Test
  void oneOfAnotherRegistryStaysAndItsTurnComes() throws Exception {
    // Given
    start(true);
    scenario.apply("Registry", "main", "{}");
    scenario.annotate(ANNOTATION, "true");
    await().atMost(SOON).until(() -> configMap() != null);

    // When
    scenario.apply("Registry", "other", "{}");
    annotate("other", ANNOTATION);

    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                Scenario.condition(scenario.get(Registry.class, "other"), "Advertised")
                    .filter(c -> c.message().contains("of Registry hosting/main"))
                    .isPresent());
    assertThat(hosting().path("hostFromClusterNetwork").asText()).isEqualTo("main.hosting.svc");

    // When
    scenario.annotate(ANNOTATION, "false");
    await().atMost(SOON).until(() -> configMap() == null);
    annotate("other", "test/poke");

    // Then
    await().atMost(SOON).until(() -> configMap() != null);
    assertThat(hosting().path("hostFromClusterNetwork").asText()).isEqualTo("other.hosting.svc");
  }

  @Test
  void withoutLeaveNothingIsWritten() throws Exception {
    // Given
    start(false);
    scenario.apply("Registry", "main", "{}");

    // When
    scenario.annotate(ANNOTATION, "true");

    // Then
    await()
        .atMost(SOON)
        .until(() -> condition().filter(c -> c.reason().equals("HostingNotAllowed")).isPresent());
    assertThat(condition().orElseThrow().message()).contains("localRegistryHosting.enabled");
    assertThat(configMap()).isNull();
    assertThat(scenario.registry().getMetadata().getFinalizers()).isEmpty();
  }

  private void annotate(String registry, String annotation) {
    operator
        .client()
        .resources(Registry.class)
        .inNamespace(NAMESPACE)
        .withName(registry)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}".formatted(annotation));
  }

  private Optional<Condition> condition() {
    return scenario.condition("Advertised");
  }

  private ConfigMap configMap() {
    return operator
        .client()
        .configMaps()
        .inNamespace("kube-public")
        .withName("local-registry-hosting")
        .get();
  }

  private JsonNode hosting() throws Exception {
    return new YAMLMapper().readTree(configMap().getData().get("localRegistryHosting.v1"));
  }
}
