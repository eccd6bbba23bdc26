package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What Repositories and AccessPolicies come to. */
@NullUnmarked // a null is a failed test
class PolicyCompilerTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Map<String, Map<String, String>> NAMESPACES =
      Map.of("team-a", Map.of("team", "true"), "locked", Map.of("team", "true", "locked", "yes"));

  @Test
  void withoutTenancyOnlyTheRegistrysOwnNamespaceCounts() {
    // When
    CompiledPolicy compiled =
        compile(
            registry("{}"),
            List.of(repository("registries", "own", "a/b"), repository("team-a", "other", "c/d")),
            List.of());

    // Then
    assertThat(compiled.content().repositories())
        .extracting(DeclaredRepository::path)
        .containsExactly(new PathPattern("a/b"));
    assertThat(verdict(compiled, "team-a", "other").reason()).isEqualTo(Reason.NOT_ALLOWED);
    // Of whom, is nothing that another namespace is told.
    assertThat(verdict(compiled, "team-a", "other").message())
        .isEqualTo(
            "spec.path c/d: the Registry gives namespace team-a no path; what is stored there is"
                + " under the rules, retention too, of a wider Repository, or else of the Registry's"
                + " defaults");
  }

  @Test
  void whatHoldsForTheContentOfARepositoryIsPassedOn() {
    // Given
    Registry registry = registry("{repositories: {defaults: {immutableTags: [stable]}}}");
    Repository repository =
        object(
            "Repository",
            "registries",
            "r",
            """
            {registryRef: {name: main}, path: releases/**, immutableTags: ["v*"],
             allowedArtifactTypes: [application/vnd.cncf.helm.config.v1+json]}
            """,
            Repository.class);

    // When
    CompiledPolicy compiled = compile(registry, List.of(repository), List.of());

    // Then
    assertThat(compiled.content().immutableTags()).containsExactly("stable");
    assertThat(compiled.content().repositories())
        .singleElement()
        .satisfies(
            declared -> {
              assertThat(declared.immutableTags()).containsExactly("v*");
              assertThat(declared.allowedArtifactTypes())
                  .containsExactly("application/vnd.cncf.helm.config.v1+json");
            });
  }

  @Test
  void aNamespaceThatIsNotKnownYetIsSelectedByNoSelector() {
    // Given: selectors that hold for a namespace without labels
    Registry registry =
        registry(
            """
            {tenancy: [
              {namespaces: {from: Selector, selector: {matchExpressions: [{key: locked, operator: DoesNotExist}]}},
               paths: ["{namespace}/**"]}]}
            """);

    // When
    CompiledPolicy compiled =
        compile(
            registry,
            List.of(
                repository("team-a", "a", "team-a/x"),
                repository("locked", "l", "locked/x"),
                repository("unknown", "u", "unknown/x")),
            List.of());

    // Then
    assertThat(compiled.content().repositories())
        .extracting(DeclaredRepository::path)
        .containsExactly(new PathPattern("team-a/x"));
  }

  @Test
  void aPathOutsideIsLeftOutAndNamedAndTheRestCounts() {
    // Given
    Registry registry =
        registry(
            """
            {tenancy: [{namespaces: {from: Selector, selector: {matchLabels: {team: "true"}}},
                        paths: ["{namespace}/**"]}]}
            """);

    // When
    CompiledPolicy compiled =
        compile(
            registry,
            List.of(),
            List.of(
                policy("team-a", "ci", "[\"**\", team-a, team-a/x, team-ab/x, team-a/**]", null)));

    // Then
    assertThat(compiled.content().grants())
        .singleElement()
        .extracting(Grant::repositories)
        .isEqualTo(List.of(new PathPattern("team-a/x"), new PathPattern("team-a/**")));
    assertThat(compiled.accessPolicies().get(new ObjectKey("team-a", "ci")))
        .satisfies(
            verdict -> {
              assertThat(verdict.reason()).isEqualTo(Reason.NOT_ALLOWED);
              assertThat(verdict.message())
                  .contains("spec.rules[0]: **, spec.rules[0]: team-a, spec.rules[0]: team-ab/x")
                  .contains("only team-a/**");
            });
  }

  @Test
  void theOlderOfTwoOfAPathCountsWhateverOrderTheyComeIn() {
    // Given
    Repository older = repository("registries", "z-older", "a/b");
    older.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
    Repository newer = repository("registries", "a-newer", "a/b");

    // When, Then
    for (List<Repository> order : List.of(List.of(older, newer), List.of(newer, older))) {
      CompiledPolicy compiled = compile(registry("{}"), order, List.of());
      assertThat(verdict(compiled, "registries", "z-older").isAccepted()).isTrue();
      assertThat(verdict(compiled, "registries", "a-newer"))
          .satisfies(
              verdict -> {
                assertThat(verdict.reason()).isEqualTo(Reason.CONFLICT);
                assertThat(verdict.message()).contains("registries/z-older");
              });
    }
  }

  @Test
  void theNextExpiryIsTheNearestInTheFuture() {
    // When
    CompiledPolicy compiled =
        compile(
            registry("{}"),
            List.of(),
            List.of(
                policy("registries", "over", "[a]", "2026-06-01T00:00:00Z"),
                policy("registries", "next", "[a]", "2026-06-01T02:00:00+01:00"),
                policy("registries", "later", "[a]", "2027-01-01T00:00:00Z"),
                policy("registries", "odd", "[a]", "tomorrow")));

    // Then
    assertThat(compiled.nextExpiry()).contains(Instant.parse("2026-06-01T01:00:00Z"));
    assertThat(compiled.content().grants())
        .extracting(Grant::policy)
        .containsExactly("registries/later", "registries/next");
    assertThat(compiled.accessPolicies().get(new ObjectKey("registries", "odd")).reason())
        .isEqualTo(Reason.INVALID_SPEC);
  }

  @Test
  void theSameObjectsGiveTheSameContentInWhateverOrder() {
    // Given
    List<AccessPolicy> policies =
        List.of(
            policy("registries", "b", "[b/x]", null),
            policy("registries", "a", "[a/x]", null),
            policy("registries", "c", "[c/x]", null));

    // When, Then
    assertThat(compile(registry("{}"), List.of(), policies).content())
        .isEqualTo(compile(registry("{}"), List.of(), policies.reversed()).content());
  }

  private static CompiledPolicy compile(
      Registry registry, List<Repository> repositories, List<AccessPolicy> policies) {
    return PolicyCompiler.compile(
        registry,
        repositories,
        policies,
        name -> Optional.ofNullable(NAMESPACES.get(name)),
        named -> Optional.empty(),
        NOW);
  }

  private static Verdict verdict(CompiledPolicy compiled, String namespace, String name) {
    return compiled.repositories().get(new ObjectKey(namespace, name));
  }

  private static Registry registry(String spec) {
    return object("Registry", "registries", "main", spec, Registry.class);
  }

  private static Repository repository(String namespace, String name, String path) {
    return object(
        "Repository",
        namespace,
        name,
        "{registryRef: {name: main, namespace: registries}, path: %s}".formatted(path),
        Repository.class);
  }

  private static AccessPolicy policy(
      String namespace, String name, String paths, @Nullable String expiresAt) {
    return object(
        "AccessPolicy",
        namespace,
        name,
        """
        {registryRef: {name: main, namespace: registries}, subjects: [{kind: User, name: alice}],
         rules: [{repositories: %s, actions: [Pull]}] %s}
        """
            .formatted(paths, expiresAt == null ? "" : ", expiresAt: \"" + expiresAt + "\""),
        AccessPolicy.class);
  }

  private static <T> T object(
      String kind, String namespace, String name, String spec, Class<T> type) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: %s
        metadata: {name: %s, namespace: %s, generation: 1, creationTimestamp: "2026-02-01T00:00:00Z"}
        spec:
        %s
        """
            .formatted(kind, name, namespace, spec.strip().indent(2)),
        type);
  }
}
