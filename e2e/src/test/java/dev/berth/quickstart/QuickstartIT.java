package dev.berth.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The quickstart as a user starts it: the built jars in processes of their own. */
@ResourceLock("ports of a node")
class QuickstartIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void namesAPortThatIsTaken() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));

      Process quickstart =
          start("--state", state(), "--port", Integer.toString(taken.getLocalPort()));

      assertThat(quickstart.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(quickstart.exitValue()).isEqualTo(1);
      assertThat(output()).contains("port ").contains("is taken");
    }
  }

  @Test
  void refusesToShareAStateFolder() throws IOException, InterruptedException {
    StateFolder state = StateFolder.open(Path.of(state()), false);
    try (state) {
      Process second = start("--state", state());

      assertThat(second.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(second.exitValue()).isEqualTo(1);
      assertThat(output()).contains("another quickstart runs with " + state());
    }
  }

  @Test
  void saysWhatAnUnknownOptionShouldHaveBeen() throws IOException, InterruptedException {
    Process quickstart = start("--exit");

    assertThat(quickstart.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(quickstart.exitValue()).isEqualTo(2);
    assertThat(output()).contains("unknown option --exit").contains("--exit-when-ready");
  }

  @Test
  void endsEverythingItStartedWhenTold() throws IOException {
    Process quickstart = start("--state", state());
    try {
      await()
          .atMost(LIMIT)
          .until(() -> output().contains("Operator: started") || !quickstart.isAlive());
      List<ProcessHandle> children = quickstart.descendants().toList();

      quickstart.destroy();

      await().atMost(LIMIT).until(() -> !quickstart.isAlive());
      assertThat(children).noneMatch(ProcessHandle::isAlive);
      assertThat(output()).contains("Ended: state folder");
    } finally {
      quickstart.descendants().forEach(ProcessHandle::destroyForcibly);
      quickstart.destroyForcibly();
    }
  }

  private String state() {
    return folder.resolve("state").toString();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private Process start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dberth.home=" + HOME,
                "-jar",
                HOME.resolve("e2e/target/berth-e2e.jar").toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }
}
