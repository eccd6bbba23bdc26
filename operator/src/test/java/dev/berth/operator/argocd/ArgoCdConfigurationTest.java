package dev.berth.operator.argocd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The checks in the form in which Argo CD takes them. {@code -Dgolden=write} writes it anew. */
class ArgoCdConfigurationTest {
  private static final Path FILE = HealthCheck.FOLDER.resolve("argocd-cm.yaml");
  private static final String HEAD =
      """
      # The health checks of berth.dev/, as a patch of Argo CD's own ConfigMap:
      #   kubectl -n argocd patch configmap argocd-cm --patch-file argocd-cm.yaml
      data:
      """;

  @Test
  void thePatchHoldsTheCheckOfEveryKind() throws IOException {
    // Given
    ConfigMapBuilder expected = new ConfigMapBuilder();
    StringBuilder yaml = new StringBuilder(HEAD);
    for (String kind : kinds()) {
      String key = "resource.customizations.health.berth.dev_" + kind;
      String check = Files.readString(HealthCheck.file(kind));
      expected.addToData(key, check);
      yaml.append("  ").append(key).append(": |\n").append(indented(check));
    }
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(FILE, yaml.toString());
    }

    // When
    ConfigMap patch = Serialization.unmarshal(Files.readString(FILE), ConfigMap.class);

    // Then
    assertThat(patch.getData()).isEqualTo(expected.build().getData());
  }

  private static List<String> kinds() {
    return List.of(Registry.class, Repository.class, AccessPolicy.class).stream()
        .map(HasMetadata::getKind)
        .toList();
  }

  private static String indented(String check) {
    return check
        .lines()
        .map(line -> line.isEmpty() ? "\n" : "    " + line + "\n")
        .collect(Collectors.joining());
  }
}
