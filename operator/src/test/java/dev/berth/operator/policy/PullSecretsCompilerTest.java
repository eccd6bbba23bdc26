package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.policy.Grant;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.PullSecrets;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose credentials count, and where. */
@NullUnmarked // a null is a failed test
class PullSecretsCompilerTest {
  private static final Instant CREATED = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant NOW = CREATED.plus(Duration.ofHours(1));
  private static final Map<String, Map<String, String>> NAMESPACES =
      Map.of(
          "registries", Map.of(),
          "team-a", Map.of("team", "true"),
          "team-b", Map.of("team", "true"),
          "other", Map.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: pull}                                                              | registries",
        "{name: pull, namespaces: {from: Same}}                                    | registries",
        "{name: pull, namespaces: {from: List, names: [other, team-b, gone]}}      | other,team-b",
        "{name: pull, namespaces: {from: Selector, selector: {matchLabels: {team: 'true'}}}}"
            + " | team-a,team-b",
        "{name: pull, namespaces: {from: Selector, selector: {}}}"
            + " | other,registries,team-a,team-b",
      })
  void theNamespacesAreThoseThatAreChosenAndLast(String pullSecrets, String namespaces) {
    assertThat(entries(policy("[Pull]", pullSecrets, "registries")))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.policy()).isEqualTo("registries/p");
              assertThat(entry.uid()).isEqualTo("uid-1");
              assertThat(entry.namespaces()).containsExactly(namespaces.split(","));
              assertThat(entry.generations())
                  .containsExactly(
                      CREATED.getEpochSecond(), CREATED.plus(Duration.ofDays(30)).getEpochSecond());
            });
  }

  @Test
  void whatLetsNobodyPullHasNoCredentials() {
    // Given
    AccessPolicy pushing = policy("[Push]", "{name: pull}", "registries");

    // Then
    assertThat(entries(pushing)).isEmpty();
    assertThat(PullSecretsCompiler.problem(pushing))
        .map(PullSecretsCompiler.Problem::reason)
        .contains(Reason.NOTHING_TO_PULL);
  }

  @Test
  void anAccessPolicyThatDoesNotCountHasNoCredentials() {
    // Given: a namespace that the tenancy gives nothing, and one that has ended
    AccessPolicy elsewhere = policy("[Pull]", "{name: pull}", "team-a");
    AccessPolicy ended =
        Serialization.unmarshal(
            Serialization.asYaml(policy("[Pull]", "{name: pull}", "registries"))
                .replace("registryRef:", "expiresAt: \"2026-06-01T00:30:00Z\"\n  registryRef:"),
            AccessPolicy.class);

    // Then
    assertThat(entries(elsewhere)).isEmpty();
    assertThat(ended.getSpec().expiresAt()).isNotNull();
    assertThat(entries(ended)).isEmpty();
  }

  @Test
  void aRotationThatWouldNeverEndIsRefused() {
    // Given
    AccessPolicy hasty = policy("[Pull]", "{name: pull, rotation: 1m}", "registries");

    // Then
    assertThat(entries(hasty)).isEmpty();
    assertThat(PullSecretsCompiler.problem(hasty))
        .map(PullSecretsCompiler.Problem::reason)
        .contains(Reason.INVALID_SPEC);
  }

  @Test
  void theRulesCountForCopiesAlsoWhereNoSubjectCanLogIn() {
    // When
    CompiledPolicy compiled = compile(policy("[Pull]", "{name: pull}", "registries"));

    // Then
    assertThat(compiled.content().grants()).extracting(Grant::policy).contains("registries/p");
  }

  @ParameterizedTest
  @CsvSource({
    "registries, pull, true",
    // Anybody may give a Secret the labels of a copy.
    "registries, other, false",
    "team-a, pull, false",
  })
  void onlyACopyThatWillBeReplacedKeepsAnOlderCredentialAlive(
      String namespace, String name, boolean kept) {
    // Given
    AccessPolicy policy = policy("[Pull]", "{name: pull}", "registries");
    CompiledPolicy compiled = compile(policy);
    long older = CREATED.minus(Duration.ofDays(30)).getEpochSecond();
    KeptCopy copy =
        new KeptCopy(namespace, name, older, CREATED.minusSeconds(900), CREATED.minusSeconds(900));
    PolicyDocument inForce =
        PolicyDocumentFormat.document(
            compiled
                .with(
                    List.of(
                        new PullSecrets(
                            "registries/p",
                            "uid-1",
                            List.of(older, CREATED.getEpochSecond()),
                            new TreeSet<>(Set.of("registries")))))
                .content(),
            1);

    // When
    CompiledPolicy next =
        PullSecretsCompiler.add(
            compiled,
            List.of(policy),
            () -> new PullSecretsCompiler.Facts(NAMESPACES, uid -> List.of(copy), inForce),
            NOW);

    // Then
    assertThat(next.content().pullSecrets().getFirst().generations().contains(older))
        .isEqualTo(kept);
  }

  private static List<PullSecrets> entries(AccessPolicy policy) {
    return compile(policy).content().pullSecrets();
  }

  private static CompiledPolicy compile(AccessPolicy policy) {
    Registry registry =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: Registry
            metadata: {name: main, namespace: registries}
            spec: {}
            """,
            Registry.class);
    CompiledPolicy compiled =
        PolicyCompiler.compile(
            registry,
            List.of(),
            List.of(policy),
            namespace -> Optional.ofNullable(NAMESPACES.get(namespace)),
            named -> Optional.empty(),
            NOW);
    return PullSecretsCompiler.add(
        compiled,
        List.of(policy),
        () -> new PullSecretsCompiler.Facts(NAMESPACES, uid -> List.of(), null),
        NOW);
  }

  private static AccessPolicy policy(String actions, String pullSecrets, String namespace) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: AccessPolicy
        metadata: {name: p, namespace: %s, uid: uid-1, creationTimestamp: "%s"}
        spec:
          registryRef: {name: main, namespace: registries}
          subjects: [{kind: ServiceAccount, namespace: apps}]
          rules: [{repositories: ["apps/**"], actions: %s}]
          pullSecrets: %s
        """
            .formatted(namespace, CREATED, actions, pullSecrets),
        AccessPolicy.class);
  }
}
