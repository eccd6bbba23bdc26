package dev.berth.operator.registry.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClaimRivalsTest {
  private static final String NAMED = "{storage: {existingClaim: {claimName: a-data}}}";
  private static final String SERVES = "{replicas: 1, effective: {storage: {claimName: a-data}}}";

  private final Registry older = registry("a", 1, "{}", "{}");
  private final Registry younger = registry("b", 2, NAMED, "{}");

  @Test
  void theOlderComesFirst() {
    assertThat(ClaimRivals.before(younger, Stream.of(older, younger))).contains("a");
    assertThat(ClaimRivals.before(older, Stream.of(older, younger))).isEmpty();
  }

  @Test
  void theOneThatServesComesFirst() {
    Registry serving = registry("b", 2, NAMED, SERVES);

    assertThat(ClaimRivals.before(older, Stream.of(older, serving))).contains("b");
    assertThat(ClaimRivals.before(serving, Stream.of(older, serving))).isEmpty();
  }

  @Test
  void theOneThatServesKeepsTheClaimBetweenTwoPods() {
    Registry rolling = registry("b", 2, NAMED, SERVES.replace("replicas: 1", "replicas: 0"));

    assertThat(ClaimRivals.before(older, Stream.of(older, rolling))).contains("b");
    assertThat(ClaimRivals.before(rolling, Stream.of(older, rolling))).isEmpty();
  }

  @Test
  void whoWasStoppedOnPurposeLetsGoOnceItsPodIsGone() {
    String stopped = NAMED.replace("{storage", "{replicas: 0, storage");
    Registry ending = registry("b", 2, stopped, SERVES);
    Registry ended = registry("b", 2, stopped, SERVES.replace("replicas: 1", "replicas: 0"));

    assertThat(ClaimRivals.before(older, Stream.of(older, ending))).contains("b");
    assertThat(ClaimRivals.before(older, Stream.of(older, ended))).isEmpty();
  }

  @Test
  void whoWasToldToLeaveTheClaimDoesNotHoldIt() {
    Registry waiting = registry("b", 2, NAMED, "{replicas: 0, effective: {storage: {}}}");

    assertThat(ClaimRivals.before(waiting, Stream.of(older, waiting))).contains("a");
  }

  @Test
  void whoServesFromAnotherClaimDoesNot() {
    Registry moving = registry("b", 2, NAMED, SERVES.replace("a-data", "b-data"));

    assertThat(ClaimRivals.before(moving, Stream.of(older, moving))).contains("a");
  }

  @Test
  void ofTwoOfTheSameSecondOneComesFirst() {
    Registry twin = registry("b", 1, NAMED, "{}");

    assertThat(ClaimRivals.before(twin, Stream.of(older, twin))).contains("a");
    assertThat(ClaimRivals.before(older, Stream.of(older, twin))).isEmpty();
  }

  @Test
  void ofTwoOfTheSameSecondTheOneWhoseNameTheClaimHasComesFirst() {
    Registry owner = registry("main", 1, "{}", "{}");
    Registry copy = registry("copy", 1, "{storage: {existingClaim: {claimName: main-data}}}", "{}");

    assertThat(ClaimRivals.before(copy, Stream.of(owner, copy))).contains("main");
    assertThat(ClaimRivals.before(owner, Stream.of(owner, copy))).isEmpty();
  }

  @Test
  void otherClaimsAndBucketsAreNobodysConcern() {
    Registry apart = registry("c", 0, "{}", "{}");
    Registry bucket = registry("d", 0, "{storage: {s3: {bucket: images}}}", "{}");

    assertThat(ClaimRivals.of(older, Stream.of(older, apart, bucket))).isEmpty();
    assertThat(ClaimRivals.of(bucket, Stream.of(older, apart, bucket))).isEmpty();
  }

  private static Registry registry(String name, int second, String spec, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Registry
        metadata: {name: %s, namespace: n, creationTimestamp: "2026-01-01T00:00:0%dZ"}
        spec: %s
        status: %s
        """
            .formatted(name, second, spec, status),
        Registry.class);
  }
}
