package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.fsck.CheckedRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What fsck moved aside is seen, and goes when it has lain there long enough. */
final class QuarantineCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void givenADamagedLayerThatWasMovedAside() throws IOException {
    try (CheckedRegistry registry = new CheckedRegistry(folder)) {
      registry.pushImage("team/app", "v1", "layer one");
      registry.damage("layer one", "layer 0ne");
    }
    Files.writeString(
        folder.resolve("registry.yaml"),
        """
        storage: {filesystem: {path: %1$s/data}}
        metadata: {embedded: {path: %1$s/data/berth.db}}
        """
            .formatted(folder));
    assertThat(run("fsck", "--repair").out()).contains("moved to _quarantine/");
    Files.writeString(folder.resolve("data/_quarantine/notes.txt"), "somebody's own");
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments =
        Stream.concat(
                Stream.of("--config", folder.resolve("registry.yaml").toString()),
                Stream.of(command))
            .toList();
    int code =
        new CommandLine(Main.alone())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Ended(code, out.toString(), err.toString());
  }

  @Test
  void whatLiesThereIsListed() {
    Ended ended = run("quarantine", "list");

    assertThat(ended.code()).isZero();
    assertThat(ended.out().lines())
        .hasSize(2)
        .anyMatch(line -> line.matches("_quarantine/sha256-.*, 9 bytes, since 20.*Z"))
        .contains("_quarantine holds 2 files, 23 bytes.");
  }

  @Test
  void whatWasMovedThereWithinTheUndoWindowStays() throws IOException {
    Ended ended = run("quarantine", "empty");

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEqualToNormalizingNewlines("Younger, and kept: 1 file.\n");
    assertThat(files()).hasSize(2);
  }

  @Test
  void whatIsOlderGoesForGoodAndNothingThatSomebodyElsePutThere() throws IOException {
    Ended ended = run("quarantine", "empty", "--older-than", "0s");

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("deleted _quarantine/sha256-", "Younger, and kept: 0 files.");
    assertThat(files()).containsExactly("notes.txt");
  }

  @Test
  void withoutAQuarantineThereIsNothingToDo() throws IOException {
    for (String name : files()) {
      Files.delete(folder.resolve("data/_quarantine").resolve(name));
    }
    Files.delete(folder.resolve("data/_quarantine"));

    assertThat(run("quarantine", "list").out())
        .isEqualToNormalizingNewlines("_quarantine holds 0 files, 0 bytes.\n");
    assertThat(run("quarantine", "empty", "--older-than", "0s").code()).isZero();
  }

  @Test
  void nothingIsOlderThanTheWorld() throws IOException {
    Ended ended = run("quarantine", "empty", "--older-than", "999999999999999h");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(files()).hasSize(2);
  }

  @Test
  void aTimeThatIsNoneIsAWrongCommandLine() throws IOException {
    Ended ended = run("quarantine", "empty", "--older-than", "soon");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("--older-than must be a time such as 168h");
    assertThat(files()).hasSize(2);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/_quarantine"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
