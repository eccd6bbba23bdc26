package dev.berth.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An image that the build wrote, with its layers unpacked over one another. */
record UnpackedImage(JsonNode config, Path root) {

  static UnpackedImage of(Path archive, Path folder) throws IOException, InterruptedException {
    Program tar = Program.installed("tar", Map.of());
    Path parts = Files.createDirectories(folder.resolve("parts"));
    Path root = Files.createDirectories(folder.resolve("root"));
    tar.succeed("-xf", archive.toString(), "-C", parts.toString());
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(parts.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : manifest.get("Layers")) {
      tar.succeed(
          "-xpf",
          parts.resolve(layer.asText()).toString(),
          "--keep-directory-symlink",
          "-C",
          root.toString());
    }
    return new UnpackedImage(
        json.readTree(parts.resolve(manifest.get("Config").asText()).toFile()).get("config"), root);
  }
}
