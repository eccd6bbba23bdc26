package dev.berth.operator.registry.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostRivalsTest {
  private static final String SHARED =
      "{nodeAccess: {mode: HostsToml}, externalHosts: [registry.example.com, own.example.com]}";
  private static final String TELLS = "{effective: {nodeHosts: [registry.example.com]}}";

  private final Registry older = registry("a", 1, SHARED.replace("own", "older"), "{}");
  private final Registry younger = registry("b", 2, SHARED, "{}");

  @Test
  void theOlderHasTheHostAndTheYoungerItsOthers() {
    assertThat(before(younger, older))
        .isEqualTo(Map.of("registry.example.com", new ObjectKey("team-a", "main")));
    assertThat(before(older, younger)).isEmpty();
  }

  @Test
  void whomNodesKnowKeepsTheHostFromAnOlderOneThatNamesItLater() {
    Registry telling = registry("b", 2, SHARED, TELLS);

    assertThat(before(telling, older)).isEmpty();
    assertThat(before(older, telling)).containsOnlyKeys("registry.example.com");
  }

  @Test
  void whoNoLongerTellsNodesLetsGo() {
    Registry gone = registry("a", 1, SHARED.replace("HostsToml", "None"), TELLS);

    assertThat(before(younger, gone)).isEmpty();
  }

  @Test
  void whoTellsNodesNothingHasNoRivals() {
    assertThat(before(registry("b", 2, "{externalHosts: [registry.example.com]}", "{}"), older))
        .isEmpty();
  }

  private static Map<String, ObjectKey> before(Registry registry, Registry other) {
    return HostRivals.before(registry, () -> Stream.of(registry, other));
  }

  private static Registry registry(String team, int age, String spec, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Registry
        metadata: {name: main, namespace: team-%s, creationTimestamp: "2026-06-01T00:00:0%dZ"}
        spec: %s
        status: %s
        """
            .formatted(team, age, spec, status),
        Registry.class);
  }
}
