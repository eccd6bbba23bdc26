package dev.berth.operator.podimages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.kubernetes.OwnFields;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodImagesTest {
  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);
  private static final String C = "sha256:" + "c".repeat(64);
  private static final String D = "sha256:" + "d".repeat(64);

  @Test
  void allThatAPodSaysOfAContainerIsSaidOfOneImage() {
    // When
    PodImages pod =
        pod(
            """
            spec:
              containers: [{name: app, image: "registry.example.com/app:1", command: [a]}]
            status:
              containerStatuses: [{name: app, image: "mirror.example.com/app:1", imageID: "docker-pullable://other.example.com/app@%s"}]
            """
                .formatted(A));

    // Then
    assertThat(pod.images())
        .containsExactly(
            new RunningImage(
                A, Set.of("registry.example.com", "mirror.example.com", "other.example.com")));
  }

  @Test
  void initAndEphemeralContainersAndNamesWithADigestCount() {
    // When
    PodImages pod =
        pod(
            """
            spec:
              containers: [{name: app, image: "app@%1$s"}]
              initContainers: [{name: first, image: "a.example/first:1@%2$s"}]
              ephemeralContainers: [{name: debug, image: busybox}]
            status:
              initContainerStatuses: [{name: first, image: "", imageID: ""}]
              ephemeralContainerStatuses: [{name: debug, image: busybox, imageID: "%3$s"}]
            """
                .formatted(A, B, C));

    // Then
    assertThat(pod.images())
        .containsExactlyInAnyOrder(
            new RunningImage(A, Set.of()),
            new RunningImage(B, Set.of("a.example")),
            new RunningImage(C, Set.of()));
  }

  @Test
  void imagesThatAreVolumesCount() {
    // When
    PodImages pod =
        pod(
            """
            spec:
              containers: [{name: model, image: busybox, volumeMounts: [{name: model, mountPath: /m}]}]
              volumes:
                - {name: model, image: {reference: "a.example/model:1"}}
                - {name: data, image: {reference: "a.example/data@%1$s"}}
                - {name: tmp, emptyDir: {}}
                - {name: none, image: {}}
            status:
              containerStatuses:
                - name: model
                  image: busybox
                  imageID: "docker.io/library/busybox@%2$s"
                  volumeMounts:
                    - {name: model, mountPath: /m, volumeStatus: {image: {imageRef: "%3$s"}}}
                    - {name: tmp, mountPath: /t, volumeStatus: {}}
            """
                .formatted(A, B, C));

    // Then
    assertThat(pod.images())
        .containsExactlyInAnyOrder(
            new RunningImage(A, Set.of("a.example")),
            new RunningImage(B, Set.of("docker.io")),
            new RunningImage(C, Set.of("a.example")));
  }

  /** A tag that moved: the spec's digest will be pulled again, the status' runs. */
  @Test
  void everyDigestOfAContainerCounts() {
    // When
    PodImages pod =
        pod(
            """
            spec: {containers: [{name: app, image: "a.example/app@%s"}]}
            status: {containerStatuses: [{name: app, image: "a.example/app@%s", imageID: "a.example/app@%s"}]}
            """
                .formatted(A, B, D));

    // Then
    assertThat(pod.images()).extracting(RunningImage::digest).containsExactlyInAnyOrder(A, B, D);
  }

  @Test
  void whatNodesRunToProveThatTheyCanPullDoesNotCount() {
    // When
    PodImages pod =
        pod(
            """
            spec: {containers: [{name: canary, image: "main.registries.svc/berth.dev/canary@%s"}]}
            status: {containerStatuses: [{name: canary, image: "sha256:%s", imageID: "main.registries.svc/berth.dev/canary@%s"}]}
            """
                .formatted(A, "0".repeat(64), A));

    // Then
    assertThat(pod.images()).isEmpty();
  }

  @Test
  void aPodThatSaysNothingRunsNothingThatIsKnown() {
    assertThat(pod("spec: {containers: [{name: app, image: \"a.example/app:1\"}]}").images())
        .isEmpty();
    assertThat(pod("status: {containerStatuses: [{name: a, imageID: nonsense}]}").images())
        .isEmpty();
    assertThat(pod("spec: {}").images()).isEmpty();
  }

  @Test
  void nothingElseOfThePodIsKept() {
    // When
    PodImages pod = pod("spec: {containers: [{name: app, image: \"app@%s\"}]}".formatted(A));

    // Then
    assertThat(pod.getMetadata().getName()).isEqualTo("app-0");
    assertThat(pod.getMetadata().getUid()).isEqualTo("u");
    assertThat(pod.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(pod.getMetadata().getLabels()).isNullOrEmpty();
    assertThat(pod.getMetadata().getAnnotations()).isNullOrEmpty();
  }

  private static PodImages pod(String more) {
    return OwnFields.serialization()
        .unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: app-0, namespace: apps, uid: u, resourceVersion: "7", labels: {a: b}, annotations: {c: d}}
            """
                + more,
            PodImages.class);
  }
}
