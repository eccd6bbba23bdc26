package dev.berth.registry.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // a null is a failed test
class CanaryImageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final CanaryImage image = new CanaryImage();

  @Test
  void everyTimeAndEverywhereItIsTheSame() {
    assertThat(new CanaryImage().digest()).isEqualTo(image.digest());
    // Changes with the image alone: nodes that have it need not load it anew.
    assertThat(image.digest())
        .hasToString("sha256:54d4f3898d7531e6604949cffebc3568cfea18f79ed61c9b1ffa1eff11ed89ca");
  }

  @Test
  void itIsForBothProcessorsAndEverythingItRefersToIsThere() throws Exception {
    JsonNode index = manifest(image.digest().toString());

    assertThat(index.findValuesAsText("architecture")).containsExactly("amd64", "arm64");
    for (JsonNode listed : index.get("manifests")) {
      JsonNode manifest = manifest(listed.get("digest").asText());
      JsonNode layer = manifest.get("layers").get(0);
      JsonNode configuration = JSON.readTree(blob(manifest.get("config").get("digest").asText()));
      assertThat(configuration.get("architecture"))
          .isEqualTo(listed.get("platform").get("architecture"));
      assertThat(configuration.get("rootfs").get("diff_ids").get(0)).isEqualTo(layer.get("digest"));
      assertThat(blob(layer.get("digest").asText())).hasSize(layer.get("size").asInt());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void itsLayerUnpacksToAProgramThatRuns() throws Exception {
    JsonNode listed =
        manifest(image.digest().toString())
            .get("manifests")
            .valueStream()
            .filter(
                any ->
                    any.at("/platform/architecture")
                        .asText()
                        .equals(SmallestProgram.ofThisMachine().architecture()))
            .findFirst()
            .orElseThrow();
    String layer =
        manifest(listed.get("digest").asText()).get("layers").get(0).get("digest").asText();
    Path archive = Files.write(folder.resolve("layer.tar"), blob(layer));

    run("tar", "-xf", archive.toString(), "-C", folder.toString());

    run(folder.resolve("berth-canary").toString());
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(List.of(command).toString()).isZero();
  }

  private JsonNode manifest(String digest) throws Exception {
    String json = Objects.requireNonNull(image.manifests().get(Digest.parse(digest))).json();
    assertThat(Digest.of(DigestAlgorithm.SHA256, json.getBytes(StandardCharsets.UTF_8)))
        .hasToString(digest);
    return JSON.readTree(json);
  }

  private byte[] blob(String digest) {
    byte[] bytes = Objects.requireNonNull(image.blobs().get(Digest.parse(digest)));
    assertThat(Digest.of(DigestAlgorithm.SHA256, bytes)).hasToString(digest);
    return bytes;
  }
}
