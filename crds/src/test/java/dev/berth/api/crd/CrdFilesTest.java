package dev.berth.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class CrdFilesTest {

  static final List<Class<? extends CustomResource<?, ?>>> KINDS = CrdFiles.KINDS;

  @BeforeAll
  static void regenerateWhenAsked() throws IOException {
    if (Boolean.getBoolean("crds.regenerate")) {
      for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
        Files.createDirectories(CrdFiles.path(kind).getParent());
        Files.writeString(CrdFiles.path(kind), CrdFiles.generate(kind));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void theCheckedInFileIsWhatTheModelSays(Class<? extends CustomResource<?, ?>> kind)
      throws IOException {
    assertThat(CrdFiles.path(kind))
        .as("to regenerate: mvn -pl crds test -Dtest=CrdFilesTest -Dcrds.regenerate=true")
        .hasContent(CrdFiles.generate(kind));
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void theFileStaysWellBelowWhatAnObjectMayHave(Class<? extends CustomResource<?, ?>> kind)
      throws IOException {
    assertThat(Files.size(CrdFiles.path(kind))).isLessThan(200 * 1024);
  }

  @Test
  void theFilesTravelInTheJar() {
    for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
      String resource = "/META-INF/berth/crds/" + CustomResource.getCRDName(kind) + ".yaml";
      assertThat(getClass().getResource(resource)).as(resource).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | registries     | reg  | Ready Reason URL Used Replicas Version Age",
        "1 | repositories   | repo | Ready Reason Registry Path Visibility Tags Age",
        "2 | accesspolicies | rap  | Ready Reason Registry Expires Age",
      })
  void kubectlShowsTheKind(int kind, String plural, String shortName, String columns)
      throws IOException {
    // When
    JsonNode spec = CrdFiles.YAML.readTree(CrdFiles.checkedIn(KINDS.get(kind))).get("spec");

    // Then
    assertThat(spec.at("/names/plural").asText()).isEqualTo(plural);
    assertThat(spec.at("/names/shortNames/0").asText()).isEqualTo(shortName);
    assertThat(spec.at("/names/categories/0").asText()).isEqualTo("berth");
    assertThat(spec.at("/scope").asText()).isEqualTo("Namespaced");
    assertThat(spec.at("/versions/0/subresources").has("status")).isTrue();
    assertThat(
            StreamSupport.stream(
                    spec.at("/versions/0/additionalPrinterColumns").spliterator(), false)
                .map(column -> column.get("name").asText()))
        .containsExactly(columns.split(" "));
  }

  @Test
  void aRegistryScales() throws IOException {
    JsonNode scale =
        CrdFiles.YAML
            .readTree(CrdFiles.checkedIn(KINDS.get(0)))
            .at("/spec/versions/0/subresources/scale");
    assertThat(scale.get("specReplicasPath").asText()).isEqualTo(".spec.replicas");
    assertThat(scale.get("statusReplicasPath").asText()).isEqualTo(".status.replicas");
    assertThat(scale.get("labelSelectorPath").asText()).isEqualTo(".status.selector");
  }
}
