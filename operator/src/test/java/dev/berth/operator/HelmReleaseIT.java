package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.chart.ReleaseFiles;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release of the chart from its installation to its end. */
@NullUnmarked // a null is a failed test
class HelmReleaseIT {
  private static final Path CHART = Path.of("..", "charts", "berth");
  private static final String NAMESPACE = "berth-system";

  @TempDir private Path folder;

  @Test
  void anUpgradeBringsTheDefinitionsAndTheEndOfTheReleaseKeepsThem() throws Exception {
    try (ClusterUnderTest cluster = ClusterUnderTest.open()) {
      KubernetesClient client = cluster.client();
      Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig());

      // Given
      cluster.removeDefinitions();
      cluster.namespace(NAMESPACE, Map.of());

      // When
      new Helm(older())
          .install()
          .withName("berth")
          .withNamespace(NAMESPACE)
          .withKubeConfig(kubeconfig)
          .call();

      // Then
      assertThat(deployment(client).getSpec().getReplicas()).isEqualTo(2);
      assertThat(definition(client).getSpec().getNames().getShortNames()).isEmpty();

      // When
      client.resource(registry()).create();
      new Helm(CHART)
          .upgrade()
          .withName("berth")
          .withNamespace(NAMESPACE)
          .set("replicas", 3)
          .withKubeConfig(kubeconfig)
          .call();

      // Then
      assertThat(deployment(client).getSpec().getReplicas()).isEqualTo(3);
      assertThat(definition(client).getSpec().getNames().getShortNames()).containsExactly("reg");

      // When
      Helm.uninstall("berth").withNamespace(NAMESPACE).withKubeConfig(kubeconfig).call();

      // Then
      assertThat(deployment(client)).isNull();
      assertThat(client.rbac().clusterRoles().withName("berth-operator").get()).isNull();
      assertThat(definition(client)).isNotNull();
      assertThat(client.resources(Registry.class).inNamespace(NAMESPACE).withName("main").get())
          .isNotNull();
      cluster.clearIfWhole();
    }
  }

  @Test
  void theFileOfTheReleaseIsTakenByKubectlApply() throws Exception {
    assumeTrue(kubectl("version", "--client").endsWith(": 0"), "kubectl is not installed");
    try (ClusterUnderTest cluster = ClusterUnderTest.open()) {
      KubernetesClient client = cluster.client();
      // Given
      cluster.removeDefinitions();
      Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig());
      ReleaseFiles.main(new String[] {CHART.toString(), folder.toString()});

      try {
        // When
        String first = kubectl("apply", "-f", "berth.yaml");
        String again = kubectl("apply", "-f", "berth.yaml");

        // Then
        assertThat(first)
            .contains("namespace/berth-system created", "registries.berth.dev created")
            .doesNotContain("Warning")
            .endsWith(": 0");
        assertThat(again)
            .contains("registries.berth.dev unchanged", "deployment.apps/berth-operator unchanged")
            .endsWith(": 0");
        // The namespace refuses what does not meet the restricted standard.
        Pod pod =
            new PodBuilder()
                .withNewMetadata()
                .withName("pod")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build();
        pod.setSpec(deployment(client).getSpec().getTemplate().getSpec());
        assertThat(client.resource(pod).create()).isNotNull();
      } finally {
        // In memory nobody plays the controller that ends a namespace.
        assertThat(kubectl("delete", "-f", "berth.yaml", "--wait=" + cluster.isWhole()))
            .endsWith(": 0");
      }
    }
  }

  /** What kubectl says, and its exit code at the end. */
  private String kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", "kubeconfig"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said + ": " + process.waitFor();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** The chart as it was before a definition changed. */
  private Path older() throws IOException {
    Path older = folder.resolve("berth");
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.toList()) {
        Files.copy(file, older.resolve(CHART.relativize(file).toString()));
      }
    }
    Path definition = older.resolve("files/crds/registries.berth.dev.yaml");
    String text = Files.readString(definition);
    String without = text.replaceFirst("\n    shortNames:\n +- reg\n", "\n");
    assertThat(without).isNotEqualTo(text);
    Files.writeString(definition, without);
    return older;
  }

  private static Deployment deployment(KubernetesClient client) {
    return client.apps().deployments().inNamespace(NAMESPACE).withName("berth-operator").get();
  }

  private static CustomResourceDefinition definition(KubernetesClient client) {
    return client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("registries.berth.dev")
        .get();
  }

  private static GenericKubernetesResource registry() {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Registry
        metadata: {name: main, namespace: %s}
        spec: {}
        """
            .formatted(NAMESPACE),
        GenericKubernetesResource.class);
  }
}
