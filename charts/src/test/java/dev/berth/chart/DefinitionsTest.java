package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The definitions of the three kinds in the chart. */
class DefinitionsTest {

  @Test
  void theyAreTheGeneratedOnesButForWhatHelmNeeds() throws IOException {
    for (JsonNode rendered : Rendered.with().all("CustomResourceDefinition")) {
      String name = rendered.at("/metadata/name").asText();
      JsonNode generated = Rendered.documents(generated(name)).get(0);

      assertThat(rendered.at("/metadata/annotations/helm.sh~1resource-policy").asText())
          .isEqualTo("keep");
      ((ObjectNode) rendered.path("metadata")).remove(List.of("annotations", "labels"));
      assertThat(rendered).isEqualTo(generated);
    }
  }

  @Test
  void anUpgradeBringsThem() {
    assertThat(Rendered.with().all("CustomResourceDefinition")).hasSize(3);
    assertThat(Path.of("berth/crds"))
        .as("what Helm installs once and never upgrades")
        .doesNotExist();
  }

  @Test
  void theyGoWithTheReleaseOrAreSomebodyElsesOnRequest() {
    assertThat(Rendered.with("crds.keep=false").all("CustomResourceDefinition"))
        .hasSize(3)
        .noneMatch(crd -> crd.at("/metadata/annotations").has("helm.sh/resource-policy"));
    assertThat(Rendered.with("crds.install=false").all("CustomResourceDefinition")).isEmpty();
  }

  @Test
  void plainKubectlApplyTakesThem() {
    // kubectl keeps the whole object as JSON in an annotation, and the API server takes 256 KiB of
    // annotations.
    assertThat(Rendered.with().all("CustomResourceDefinition"))
        .allSatisfy(
            crd ->
                assertThat(crd.toString().getBytes(StandardCharsets.UTF_8).length)
                    .as(crd.at("/metadata/name").asText())
                    .isLessThan(200 << 10));
  }

  @Test
  void theCopiesInTheChartAreCurrent() throws IOException {
    Path copies = Path.of("berth/files/crds");
    List<String> names = new ArrayList<>();
    try (var files = Files.list(copies)) {
      for (Path copy : files.sorted().toList()) {
        String name = copy.getFileName().toString();
        names.add(name);
        GeneratedFile.assertCurrent(copy, generated(name.replaceFirst("\\.yaml$", "")));
      }
    }
    assertThat(names).hasSize(3);
  }

  private static String generated(String name) throws IOException {
    try (var in =
        Objects.requireNonNull(
            DefinitionsTest.class.getResourceAsStream("/META-INF/berth/crds/" + name + ".yaml"),
            name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
