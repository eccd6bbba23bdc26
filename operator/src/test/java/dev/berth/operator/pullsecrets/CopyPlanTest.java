package dev.berth.operator.pullsecrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.operator.policy.PullCredentials;
import dev.berth.policy.PullCredential;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What is done to copies, and what one holds. */
@NullUnmarked // a null is a failed test
class CopyPlanTest {
  /** What a container runtime reads. */
  private record Logins(Map<String, Map<String, String>> auths) {}

  private static final byte[] KEY = new byte[32];
  private static final PullCredentials CREDENTIALS =
      new PullCredentials(
          Base64.getEncoder().encodeToString(KEY), List.of("main.registries.svc:443", "r.example"));
  private static final AccessPolicy POLICY =
      Serialization.unmarshal(
          """
          apiVersion: berth.dev/v1alpha1
          kind: AccessPolicy
          metadata: {name: p, namespace: apps, uid: uid-1}
          spec: {registryRef: {name: main}, subjects: [], rules: []}
          """,
          AccessPolicy.class);

  @Test
  void aCopyLogsInToEveryHost() {
    // When
    Secret copy = copy("team-a", 7);

    // Then
    assertThat(copy.getType()).isEqualTo("kubernetes.io/dockerconfigjson");
    Logins config =
        Serialization.unmarshal(
            new String(
                Base64.getDecoder().decode(copy.getData().get(".dockerconfigjson")),
                StandardCharsets.UTF_8),
            Logins.class);
    assertThat(config.auths()).containsOnlyKeys("main.registries.svc:443", "r.example");
    Map<String, String> login = config.auths().get("r.example");
    String password = new PullCredential("apps/p", "team-a").password(KEY, "uid-1", 7);
    assertThat(login)
        .containsEntry("username", "pull/apps/p/team-a")
        .containsEntry("password", password);
    assertThat(new String(Base64.getDecoder().decode(login.get("auth")), StandardCharsets.UTF_8))
        .isEqualTo("pull/apps/p/team-a:" + password);
    assertThat(PullSecretCopy.read(copy).generation()).isEqualTo(7);
  }

  @Test
  void whatIsAsItShouldBeIsLeftAlone() {
    // Given
    Secret labelled =
        new SecretBuilder(copy("team-a", 7))
            .editMetadata()
            .addToLabels("somebody", "else")
            .endMetadata()
            .build();

    // When
    CopyPlan plan = plan(Set.of("team-a"), labelled);

    // Then
    assertThat(plan).isEqualTo(new CopyPlan(List.of(), List.of(), List.of(), plan.present()));
    assertThat(plan.present()).containsExactly("team-a");
  }

  @Test
  void whatIsOldIsReplacedWhatIsMissingMadeAndTheRestDeleted() {
    // Given
    Secret old = copy("team-a", 6);
    Secret gone = copy("team-c", 7);
    Secret renamed =
        new SecretBuilder(copy("team-a", 7)).editMetadata().withName("old").endMetadata().build();

    // When
    CopyPlan plan = plan(Set.of("team-a", "team-b"), old, gone, renamed);

    // Then
    assertThat(plan.changed()).containsExactly(new CopyPlan.Change(old, copy("team-a", 7)));
    assertThat(plan.missing()).containsExactly(copy("team-b", 7));
    assertThat(plan.unwanted()).containsExactly(gone, renamed);
  }

  @Test
  void whatNobodyCanChangeIsMadeAnew() {
    // Given
    Secret frozen = new SecretBuilder(copy("team-a", 6)).withImmutable(true).build();

    // When
    CopyPlan plan = plan(Set.of("team-a"), frozen);

    // Then
    assertThat(plan.unwanted()).containsExactly(frozen);
    assertThat(plan.missing()).containsExactly(copy("team-a", 7));
    assertThat(plan.changed()).isEmpty();
  }

  private static CopyPlan plan(Set<String> namespaces, Secret... copies) {
    return CopyPlan.of("pull", namespaces, List.of(copies), namespace -> copy(namespace, 7));
  }

  private static Secret copy(String namespace, long generation) {
    return PullSecretCopy.render(POLICY, "pull", namespace, generation, CREDENTIALS);
  }
}
