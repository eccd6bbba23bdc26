package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Quota;
import dev.berth.policy.SpaceRules;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Registries and Repositories say of space, as the server gets it. */
@NullUnmarked // a null is a failed test
class SpaceCompilerTest {

  @Test
  void aRegistryThatSaysNothingOfSpaceHasNothingOfItInItsDocument() {
    assertThat(Compilation.of(registry("{}", "{}")).content().space()).isNull();
    assertThat(Compilation.of(registry("{}", "{quota: {}}")).content().space()).isNull();
    assertThat(
            Compilation.of(registry("{}", "{repositories: {defaults: {quota: {}}}}"))
                .content()
                .space())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "5000000000, 5000000000",
    "50Gi, 53687091200",
    "1.5Ti, 1649267441664",
    "1e3, 1000",
    "5k, 5000",
    "100m, 1",
    "0, 0",
    "9000E, 9223372036854775807",
    "1e99, 9223372036854775807"
  })
  void anAmountIsAWholeNumberOfBytesOfAtMostWhatANumberHolds(String amount, long bytes) {
    assertThat(rules(registry("{}", "{quota: {storage: %s}}".formatted(amount))).storageBytes())
        .isEqualTo(bytes);
  }

  @Test
  void limitsOfPathsThatNobodyDeclaresAreTheRegistrysDefaults() {
    // Given
    Registry registry =
        registry(
            "{}",
            "{repositories: {defaults: {quota: {storage: 1Ki, tags: 3, manifestSize: 2, imageSize: 3k}}}}");

    // When, Then
    assertThat(rules(registry).quota()).isEqualTo(new Quota(1024L, 3, 2L, 3000L));
  }

  @Test
  void aRepositoryHasTheLimitsThatItSaysAlone() {
    // Given
    Registry registry = registry("{}", "{repositories: {defaults: {quota: {tags: 1}}}}");

    // When
    CompiledPolicy compiled =
        Compilation.of(
            registry, repository("a", "{tags: 500, imageSize: 5Gi}"), repository("b", null));

    // Then
    assertThat(compiled.content().repositories())
        .extracting(DeclaredRepository::quota)
        .containsExactly(new Quota(null, 500, null, 5L << 30), null);
  }

  /** An older schema let them pass: an exponent of any length is a number of any length. */
  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1E2147483647", "-1", "1e-5", "many", "1Zi"})
  void whatIsNoNumberOfBytesIsSaidAndLimitsNothingAndTheRestCounts(String amount) {
    // Given
    Registry registry = registry("{}", "{quota: {storage: \"%s\"}}".formatted(amount));

    // When
    CompiledPolicy compiled =
        Compilation.of(registry, repository("a", "{storage: \"%s\", tags: 2}".formatted(amount)));

    // Then
    assertThat(SpaceCompiler.problems(registry.getSpec()))
        .containsExactly("spec.quota.storage is no number of bytes such as 50Gi");
    assertThat(compiled.content().space()).isNull();
    Verdict verdict = compiled.repositories().get(new ObjectKey("registries", "a"));
    assertThat(verdict.reason()).isEqualTo(Reason.INVALID_SPEC);
    assertThat(verdict.message())
        .isEqualTo(
            "spec.quota.storage is no number of bytes such as 50Gi; the rest of the Repository"
                + " counts");
    assertThat(compiled.content().repositories())
        .singleElement()
        .satisfies(
            declared -> assertThat(declared.quota()).isEqualTo(new Quota(null, 2, null, null)));
  }

  @Test
  void anOrderToCollectIsPassedOnAndALongOneByItsHash() {
    // Given
    String annotation = "{annotations: {berth.dev/run-garbage-collection: \"%s\"}}";

    // When, Then
    assertThat(rules(registry(annotation.formatted("now"), "{}")).collectRequest())
        .isEqualTo("now");
    assertThat(Compilation.of(registry(annotation.formatted(" "), "{}")).content().space())
        .isNull();
    assertThat(rules(registry(annotation.formatted("x".repeat(100_000)), "{}")).collectRequest())
        .matches("[0-9a-f]{64}")
        .isNotEqualTo(
            rules(registry(annotation.formatted("x".repeat(100_001)), "{}")).collectRequest());
  }

  private static SpaceRules rules(Registry registry) {
    return Compilation.of(registry).content().spaceRules();
  }

  private static Registry registry(String metadata, String spec) {
    Registry registry =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: Registry
            metadata: %s
            spec: %s
            """
                .formatted(metadata, spec),
            Registry.class);
    registry.getMetadata().setName("main");
    registry.getMetadata().setNamespace("registries");
    return registry;
  }

  private static Repository repository(String name, String quota) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Repository
        metadata: {name: %1$s, namespace: registries, generation: 2}
        spec: {registryRef: {name: main}, path: %1$s/**, quota: %2$s}
        """
            .formatted(name, quota),
        Repository.class);
  }
}
