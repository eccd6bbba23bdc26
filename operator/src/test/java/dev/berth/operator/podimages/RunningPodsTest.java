package dev.berth.operator.podimages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.policy.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which Pod concerns which Registry. */
class RunningPodsTest {
  private static final ObjectKey MAIN = new ObjectKey("registries", "main");
  private static final ObjectKey OTHER = new ObjectKey("registries", "other");
  private static final Set<String> MAIN_HOSTS = Set.of("main.example.com", "10.0.0.1:5000");
  private static final Set<String> OTHER_HOSTS = Set.of("other.example.com");
  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);

  private final List<PodImages> pods = new ArrayList<>();
  private Instant now = Instant.parse("2026-06-01T00:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final RunningPods running =
      new RunningPods(
          new RunningPods.Cache(
              host ->
                  pods.stream()
                      .filter(
                          pod ->
                              pod.images().stream()
                                  .anyMatch(image -> image.hosts().contains(host))),
              pods::stream,
              () -> Map.of(MAIN, MAIN_HOSTS, OTHER, OTHER_HOSTS)),
          clock);

  @Test
  void whatAPodRunsUnderANameOfTheRegistryConcernsItAtOnceAndOnce() {
    // Given
    assertThat(main(Set.of())).isEmpty();
    PodImages pod = pod("10.0.0.1:5000/app@" + A);

    // When
    pods.add(pod);

    // Then
    assertThat(running.lacking(pod)).containsExactly(MAIN);
    assertThat(main(Set.of())).containsExactly(A);
    assertThat(running.lacking(pod)).isEmpty();
  }

  @Test
  void whatMayBeTheRegistrysByAMirrorOrAnIdAloneIsFoundByTheNextLook() {
    // Given
    assertThat(main(Set.of())).isEmpty();
    PodImages mirrored = pod("docker.io/library/nginx@" + A);
    PodImages nameless = pod(B);
    pods.addAll(List.of(mirrored, nameless));

    // When
    assertThat(running.lacking(mirrored)).isEmpty();
    assertThat(running.lacking(nameless)).isEmpty();
    now = now.plus(RunningPods.LOOK).minusMillis(1);
    assertThat(main(Set.of())).isEmpty();
    now = now.plusMillis(1);

    // Then
    assertThat(main(Set.of())).containsExactly(A, B);
  }

  @Test
  void aClockThatIsSetBackKeepsNoLookFromBeingTaken() {
    // Given
    assertThat(main(Set.of())).isEmpty();
    pods.add(pod("docker.io/library/nginx@" + A));

    // When
    now = now.minus(Duration.ofHours(1));

    // Then
    assertThat(main(Set.of())).containsExactly(A);
  }

  @Test
  void whatIsPulledFromAnotherRegistryOfTheClusterIsThatOnesAlone() {
    // Given
    pods.add(pod("other.example.com/app@" + A));

    // When, Then
    assertThat(main(Set.of())).isEmpty();
    assertThat(running.of(OTHER, OTHER_HOSTS, Set.of())).containsExactly(A);

    // When
    pods.add(pod("app@" + A));
    now = now.plus(RunningPods.LOOK);

    // Then
    assertThat(main(Set.of())).containsExactly(A);
  }

  @Test
  void aRegistryThatIsForgottenConcernsNoPod() {
    // Given
    main(Set.of());

    // When
    running.forget(MAIN);

    // Then
    assertThat(running.lacking(pod("main.example.com/app@" + A))).isEmpty();
  }

  /** Nothing is known of a cluster whose API does not answer; the caches stay as they are. */
  @Test
  void whatTheDocumentNamesStaysThoughNoPodIsSeen() {
    assertThat(main(Set.of(A))).containsExactly(A);
    now = now.plus(Duration.ofMinutes(59));
    assertThat(main(Set.of(A))).containsExactly(A);
  }

  private Set<String> main(Set<String> inForce) {
    return running.of(MAIN, MAIN_HOSTS, inForce);
  }

  private static PodImages pod(String imageId) {
    return OwnFields.serialization()
        .unmarshal(
            """
            metadata: {name: app-0, namespace: apps}
            status: {containerStatuses: [{name: app, imageID: "%s"}]}
            """
                .formatted(imageId),
            PodImages.class);
  }
}
