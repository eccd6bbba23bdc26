package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How soon a change counts where one Registry has many thousand Repositories and AccessPolicies:
 * run with {@code -Dscale=true}, since it takes its time.
 */
@NullUnmarked // a null is a failed test
@EnabledIfSystemProperty(named = "scale", matches = "true")
class LargeRegistryScaleIT {
  private static final int REPOSITORIES = Integer.getInteger("scale.repositories", 10_000);
  private static final int POLICIES = Integer.getInteger("scale.policies", 5_000);
  private static final int CHANGES = 20;
  private static final Duration LONG = Duration.ofMinutes(15);

  @Test
  void aChangeAmongManyCountsSoon() throws Exception {
    try (RunningOperator operator = new RunningOperator()) {
      // Given
      KubernetesClient client = operator.client();
      operator.namespace("large");
      Scenario scenario = new Scenario(operator, "large");
      scenario.apply("Registry", "main", "{}");
      await().atMost(LONG).until(scenario::attend);
      for (int i = 0; i < REPOSITORIES; i++) {
        scenario.apply(
            "Repository", "r" + i, "{registryRef: {name: main}, path: team-%d/**}".formatted(i));
      }
      for (int i = 0; i < POLICIES; i++) {
        scenario.apply("AccessPolicy", "p" + i, policy("user-" + i, "team-" + i));
      }
      await()
          .atMost(LONG)
          .until(
              () ->
                  scenario.replica().policy() != null
                      && scenario.replica().policy().content().grants().size() == POLICIES
                      && scenario.replica().policy().content().repositories().size()
                          == REPOSITORIES);
      int bytes = PolicyDocumentFormat.gzip(scenario.replica().policy()).length;

      // When
      long[] millis = new long[CHANGES];
      for (int i = 0; i < CHANGES; i++) {
        String user = "changed-" + i;
        long began = System.nanoTime();
        scenario.apply("AccessPolicy", "p" + i, policy(user, "team-" + i));
        await()
            .atMost(LONG)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .until(
                () ->
                    scenario.replica().policy().content().grants().stream()
                        .anyMatch(grant -> user.equals(grant.subjects().getFirst().name())));
        millis[i] = (System.nanoTime() - began) / 1_000_000;
      }

      // Then
      long first = millis[0];
      Arrays.sort(millis);
      System.out.printf(
          "scale: document %d bytes gzipped; from a change to the replica: first, while all these objects still report, %d ms, median %d ms, longest %d ms%n",
          bytes, first, millis[CHANGES / 2], millis[CHANGES - 1]);
      assertThat(client.secrets().inNamespace("large").withName("main-policy").get()).isNotNull();
      scenario.replica().close();
    }
  }

  private static String policy(String user, String team) {
    return """
    {registryRef: {name: main}, subjects: [{kind: User, name: %s}],
     rules: [{repositories: ["%s/**"], actions: [Pull, Push]}]}
    """
        .formatted(user, team);
  }
}
