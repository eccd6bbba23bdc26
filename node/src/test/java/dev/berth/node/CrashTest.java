package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent killed before and after each step that changes the node's files. */
class CrashTest {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final int MORE_THAN_THE_STEPS = 40;

  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void containerd() throws Exception {
    node = Node.withContainerd(folder);
    node.write(Node.CERTS + "/docker.io/hosts.toml", "somebody's");
  }

  @Test
  void aDirectoryThatIsNewIsThereInWholeOrNotAtAll() throws Exception {
    // Given
    Map<String, String> bare = node.tree();
    node.plan("configure", "CA", Map.of(Node.HOST, "by address", "b.example", "too"));
    int kills = 0;

    for (int step = 1; step < MORE_THAN_THE_STEPS; step++) {
      // When
      boolean killed = passKilledAt(step);

      // Then
      for (String host : Set.of(Node.HOST, "b.example")) {
        if (Files.exists(node.directory(host))) {
          assertThat(node.directory(host).toFile().list())
              .as("killed at step %d", step)
              .containsExactlyInAnyOrder(".berth", "ca.crt", "hosts.toml");
        }
      }
      kills += killed ? 1 : 0;
      repaired();
      assertThat(node.pass().reason()).isEqualTo("Configured");
      assertThat(leftovers()).isZero();
      node.plan("remove", "", Map.of());
      assertThat(node.pass().reason()).isEqualTo("Removed");
      assertThat(node.tree()).isEqualTo(bare);
      node.plan("configure", "CA", Map.of(Node.HOST, "by address", "b.example", "too"));
    }
    assertThat(kills).isGreaterThan(10).isLessThan(MORE_THAN_THE_STEPS - 1);
  }

  @Test
  void betweenTheFilesOfARotationEachIsWholeAndTheNewAuthorityComesFirst() throws Exception {
    // Given
    Path directory = node.directory(Node.HOST);
    int kills = 0;

    for (int step = 1; step < MORE_THAN_THE_STEPS; step++) {
      node.plan("configure", "old CA", Map.of(Node.HOST, "old address"));
      node.pass();
      node.plan("configure", "old CA, new CA", Map.of(Node.HOST, "new address"));

      // When
      boolean killed = passKilledAt(step);

      // Then
      String authority = Files.readString(directory.resolve("ca.crt"));
      String hosts = Files.readString(directory.resolve("hosts.toml"));
      assertThat(authority).isIn("old CA", "old CA, new CA");
      assertThat(hosts).isIn("old address", "new address");
      assertThat(hosts.equals("new address") && authority.equals("old CA"))
          .as("killed at step %d", step)
          .isFalse();
      kills += killed ? 1 : 0;
      repaired();
      assertThat(node.pass().reason()).isEqualTo("Configured");
      assertThat(directory.toFile().list())
          .containsExactlyInAnyOrder(".berth", "ca.crt", "hosts.toml");
    }
    assertThat(kills).isGreaterThan(5);
  }

  @Test
  void aRemovalThatWasInterruptedGoesOn() throws Exception {
    // Given
    Map<String, String> bare = node.tree();
    int kills = 0;

    for (int step = 1; step < MORE_THAN_THE_STEPS; step++) {
      node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
      node.pass();
      node.plan("remove", "", Map.of());

      // When
      kills += passKilledAt(step) ? 1 : 0;
      repaired();
      node.pass();

      // Then
      assertThat(node.tree()).as("killed at step %d", step).isEqualTo(bare);
    }
    assertThat(kills).isGreaterThan(3);
  }

  private long leftovers() throws IOException {
    return node.tree().keySet().stream()
        .filter(name -> name.contains(".berth-") || name.endsWith("-new"))
        .count();
  }

  /** One pass whose shell is killed by the step-th of the programs that change files. */
  private boolean passKilledAt(int step) throws Exception {
    Path count = folder.resolve("count");
    Files.writeString(count, "0");
    for (String program : Set.of("mv", "cp", "mkdir", "rm", "rmdir")) {
      // Odd steps die before what they do, even ones after it.
      wrap(
          program,
          """
          #!%1$s
          n=$(($(cat %2$s) + 1)); echo $n > %2$s
          [ $n -eq %3$d ] && [ $((%3$d %% 2)) -eq 1 ] && kill -9 "$PPID" && exit 137
          %4$s %5$s "$@"; status=$?
          [ $n -eq %3$d ] && kill -9 "$PPID"
          exit $status
          """
              .formatted(SHELL, count, step, node.bin.resolve("busybox").toRealPath(), program));
    }
    // A shell without parts of its own: BusyBox would not start what is found by the path.
    Process process = node.start(SHELL.toString(), folder.resolve("log"), "--once");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() == 137;
  }

  private void repaired() throws IOException {
    Path busybox = node.bin.resolve("busybox").toRealPath();
    for (String program : Set.of("mv", "cp", "mkdir", "rm", "rmdir")) {
      Files.delete(node.bin.resolve(program));
      Files.createSymbolicLink(node.bin.resolve(program), busybox);
    }
  }

  private void wrap(String program, String script) throws IOException {
    Path file = node.bin.resolve(program);
    Files.deleteIfExists(file);
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
