package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.registry.fsck.CheckedRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a user of {@code fsck} sees. */
final class FsckCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @BeforeEach
  void givenAnImageAndAConfiguration() throws IOException {
    try (CheckedRegistry registry = new CheckedRegistry(folder)) {
      registry.pushImage("team/app", "v1", "layer one");
    }
    Files.writeString(
        folder.resolve("registry.yaml"),
        """
        storage: {filesystem: {path: %1$s/data}}
        metadata: {embedded: {path: %1$s/data/berth.db}}
        """
            .formatted(folder));
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(Main.alone())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  private Ended fsck(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "--config";
    arguments[1] = folder.resolve("registry.yaml").toString();
    arguments[2] = "fsck";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return run(arguments);
  }

  private void damage() throws IOException {
    try (CheckedRegistry registry = new CheckedRegistry(folder)) {
      registry.damage("layer one", "layer 0ne");
    }
  }

  @Test
  void aSoundRegistryIsExitCodeZero() {
    Ended ended = fsck();

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).startsWith("2 contents looked at, ").contains("all is well");
    assertThat(ended.code()).isZero();
  }

  @Test
  void theConfigurationMayStandBehindTheCommand() {
    Ended ended = run("fsck", "--config", folder.resolve("registry.yaml").toString());

    assertThat(ended.code()).isZero();
  }

  @Test
  void problemsAreExitCodeOneAlsoWhenTheyAreRepairedAndThenAreGone() throws IOException {
    damage();

    Ended looked = fsck();
    Ended repaired = fsck("--repair");
    Ended after = fsck();

    assertThat(looked.code()).isEqualTo(1);
    assertThat(looked.out())
        .contains("ContentCorrupt sha256:", "of team/app:v1", "1 problem; --repair");
    assertThat(repaired.code()).isEqualTo(1);
    assertThat(repaired.out()).contains("moved to _quarantine/", "1 problem, 1 repaired");
    assertThat(after.code()).isZero();
    assertThat(after.out())
        .contains(
            "all is well",
            "Lost before, until images that have it are pushed: 1 content.",
            "_quarantine holds 1 file, 9 bytes.");
  }

  @Test
  void withJsonEachLineIsAnObject() throws IOException {
    damage();

    List<String> lines = fsck("--json").out().lines().toList();

    assertThat(lines).hasSize(2);
    JsonNode finding = JSON.readTree(lines.getFirst());
    assertThat(finding.get("kind").asText()).isEqualTo("ContentCorrupt");
    assertThat(finding.get("users").get(0).asText()).isEqualTo("team/app:v1");
    assertThat(JSON.readTree(lines.getLast()).at("/summary/problems").asInt()).isEqualTo(1);
  }

  @Test
  void withoutHashesOnlySizesAreCompared() throws IOException {
    damage();

    assertThat(fsck("--no-hash").code()).isZero();
  }

  @Test
  void besideAServerItLooksAndDoesNotRepair() throws Exception {
    try (TestRegistry server =
        TestRegistry.start(folder, Policies.aliceMay(1, "team/**", Action.PULL))) {
      DatabaseLock lock = DatabaseLock.take(folder.resolve("data/berth.db"));
      try {
        Ended looked = fsck();
        Ended refused = fsck("--repair");

        assertThat(looked.err()).isEmpty();
        assertThat(looked.code()).isZero();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
            .contains("berth.db is used by another server", "replicas: 0")
            .hasLineCount(2);
        assertThat(server.server().context().isRunning()).isTrue();
      } finally {
        lock.release();
      }
    }
  }

  @Test
  void aWrongPathDoesNotLookLikeARegistryThatLostEverything() throws IOException {
    Files.delete(folder.resolve("data/berth.db"));

    Ended ended = fsck("--repair");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("there is no database");
    assertThat(folder.resolve("data/berth.db")).doesNotExist();
  }

  @Test
  void aRateThatIsNoneIsAWrongCommandLine() {
    Ended ended = fsck("--rate", "fast");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("--rate must be a size such as 50Mi");
  }
}
