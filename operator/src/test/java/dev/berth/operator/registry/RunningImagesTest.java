package dev.berth.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningImagesTest {
  private final RunningImages images =
      RunningImages.of(
          Serialization.unmarshal(
              """
              apiVersion: berth.dev/v1alpha1
              kind: Registry
              metadata: {name: main, namespace: registries}
              spec: {externalHosts: [Registry.example.com, "10.0.0.1:5000", "[2001:db8::1]:5000"]}
              status:
                url: https://registry.example.com
                endpoints: [{type: LoadBalancer, url: "https://192.0.2.7:443", host: 192.0.2.7}]
              """,
              Registry.class));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.example.com/app",
        "registry.example.com:443/team/app:1",
        "10.0.0.1:5000/app@sha256:00",
        "[2001:db8::1]:5000/app",
        "main.registries.svc/app",
        "main.registries.svc.cluster.local:443/app",
        "main.registries/app",
        "192.0.2.7/app"
      })
  void anImageUnderAnyNameOfTheRegistryIsItsOwn(String image) {
    assertThat(images.areIn(pod("{containers: [{name: a, image: \"%s\"}]}".formatted(image))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx",
        "main/app",
        "docker.io/library/registry.example.com",
        "registry.example.com.evil.example/app",
        "10.0.0.1/app",
        "other.registries.svc/app"
      })
  void otherImagesAreNot(String image) {
    assertThat(images.areIn(pod("{containers: [{name: a, image: \"%s\"}]}".formatted(image))))
        .isFalse();
  }

  @Test
  void initAndEphemeralContainersCount() {
    assertThat(
            images.areIn(
                pod("{containers: [], initContainers: [{image: main.registries.svc/app}]}")))
        .isTrue();
    assertThat(
            images.areIn(
                pod("{containers: [], ephemeralContainers: [{image: main.registries.svc/app}]}")))
        .isTrue();
  }

  @Test
  void anImageThatIsAVolumeCounts() {
    assertThat(
            images.areIn(
                pod(
                    "{containers: [], volumes: [{name: a, emptyDir: {}}, {name: m, image: {reference:"
                        + " main.registries.svc/model}}]}")))
        .isTrue();
  }

  @Test
  void podsThatHaveFinishedAndTheRegistrysOwnDoNot() {
    Pod finished = pod("{containers: [{image: main.registries.svc/app}]}");
    finished.getStatus().setPhase("Failed");
    Pod own = pod("{containers: [{image: main.registries.svc/berth}]}");
    own.getMetadata().getLabels().put("app.kubernetes.io/managed-by", "berth");
    own.getMetadata().getLabels().put("berth.dev/registry", "main");

    assertThat(images.areIn(finished)).isFalse();
    assertThat(images.areIn(own)).isFalse();
    own.getMetadata().setNamespace("other");
    assertThat(images.areIn(own)).isTrue();
  }

  private static Pod pod(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: registries, labels: {a: b}}
        spec: %s
        status: {phase: Running}
        """
            .formatted(spec),
        Pod.class);
  }
}
