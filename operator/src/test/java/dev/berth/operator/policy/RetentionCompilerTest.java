package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.Retention.Keep;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Rules of retention, as the server gets them. */
@NullUnmarked // a null is a failed test
class RetentionCompilerTest {
  private static final String ALL =
      """
      {keep: [{tags: ["v*", "release-*"], mostRecentlyPushed: 10}, {tags: ["**"], pulledWithin: 720h},
              {tags: [main], always: true}],
       expire: [{tags: ["pr-*"], pushedBefore: 1h30m}, {untagged: true, pushedBefore: 24h}],
       schedule: "30 4 * * MON", mode: Enforce, maxDeletions: 7}
      """;

  @Test
  void everyRuleIsPassedOn() {
    assertThat(retention(repository("{}", ALL)))
        .isEqualTo(
            new Retention(
                List.of(
                    new Keep(List.of("v*", "release-*"), 10, null, false),
                    new Keep(List.of("**"), null, Duration.ofDays(30).toMillis(), false),
                    new Keep(List.of("main"), null, null, true)),
                List.of(
                    new Expire(List.of("pr-*"), false, Duration.ofMinutes(90).toMillis()),
                    new Expire(List.of(), true, Duration.ofDays(1).toMillis())),
                "30 4 * * MON",
                true,
                "7",
                null,
                null));
  }

  @Test
  void rulesThatSayNothingMoreOnlyShowWhatWouldGo() {
    assertThat(retention(repository("{}", "{}")))
        .isEqualTo(new Retention(List.of(), List.of(), "0 3 * * *", false, "25%", null, null));
    assertThat(retention(repository("{}", null))).isNull();
  }

  @Test
  void aNumberOfDeletionsIsOneThatTheServerReads() {
    assertThat(retention(repository("{}", "{maxDeletions: 2000000000}")).maxDeletions())
        .isEqualTo("999999999");
    assertThat(retention(repository("{}", "{maxDeletions: \"100%\"}")).maxDeletions())
        .isEqualTo("100%");
  }

  @Test
  void whatIsOrderedAndAcknowledgedIsOfTheRepositoryAlone() {
    // Given
    Repository ordered =
        repository("{berth.dev/run-retention: now, berth.dev/acknowledge-retention: 5b1c}", "{}");

    // When
    Retention retention = retention(ordered);

    // Then
    assertThat(retention.runRequest()).isEqualTo("now");
    assertThat(retention.acknowledged()).isEqualTo("5b1c");
  }

  @Test
  void aRegistryOrdersForWhatNoRepositoryDeclares() {
    // Given
    Registry registry =
        registry(
            "{berth.dev/run-retention: now}",
            "{repositories: {defaults: {retention: {mode: Enforce}}}}");

    // When
    CompiledPolicy compiled = Compilation.of(registry, repository("{}", "{}"));

    // Then
    assertThat(compiled.content().spaceRules().retention())
        .isEqualTo(new Retention(List.of(), List.of(), "0 3 * * *", true, "25%", null, "now"));
    assertThat(compiled.content().repositories().getFirst().retention().runRequest()).isNull();
  }

  @Test
  void aScheduleThatIsNoneDeletesNothingAndIsSaidAndTheRestCounts() {
    // Given
    String rules = "{schedule: \"0 0 31 2 *\", mode: Enforce}";
    Registry registry =
        registry("{}", "{repositories: {defaults: {retention: %s}}}".formatted(rules));

    // When
    CompiledPolicy compiled = Compilation.of(registry, repository("{}", rules));

    // Then
    assertThat(compiled.content().repositories())
        .singleElement()
        .extracting(DeclaredRepository::retention)
        .isNull();
    assertThat(compiled.content().space()).isNull();
    Verdict verdict = compiled.repositories().get(new ObjectKey("registries", "a"));
    assertThat(verdict.reason()).isEqualTo(Reason.INVALID_SPEC);
    assertThat(verdict.message())
        .isEqualTo(
            "spec.retention.schedule 0 0 31 2 * never comes true, or not for four years, so that"
                + " nothing goes; the rest of the Repository counts");
    assertThat(SpaceCompiler.problems(registry.getSpec()))
        .singleElement()
        .asString()
        .startsWith("spec.repositories.defaults.retention.schedule 0 0 31 2 * never comes true");
  }

  private static Retention retention(Repository repository) {
    return Compilation.of(registry("{}", "{}"), repository)
        .content()
        .repositories()
        .getFirst()
        .retention();
  }

  private static Registry registry(String annotations, String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Registry
        metadata: {name: main, namespace: registries, annotations: %s}
        spec: %s
        """
            .formatted(annotations, spec),
        Registry.class);
  }

  private static Repository repository(String annotations, String retention) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Repository
        metadata: {name: a, namespace: registries, generation: 2, annotations: %s}
        spec: {registryRef: {name: main}, path: a/**, retention: %s}
        """
            .formatted(
                annotations, retention == null ? "null" : retention.strip().indent(4).strip()),
        Repository.class);
  }
}
