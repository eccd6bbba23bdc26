package dev.berth.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.registry.crash.CrashAgent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server over one folder that dies where it is told to, and is started again. */
final class CrashingRegistry implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final Class<?> program;
  private final String agent;
  private Process process;
  private volatile Client client;

  CrashingRegistry(Path folder) throws IOException {
    this(folder, RegistryProcess.class);
  }

  /**
   * @param program has a main method that takes the folder and a port, and prints the port
   */
  CrashingRegistry(Path folder, Class<?> program) throws IOException {
    this.folder = folder;
    this.program = program;
    this.agent = CrashAgent.option(folder.resolve("agent.jar"), folder);
    this.process = launch();
    this.client = connect();
  }

  private Process launch() throws IOException {
    Files.deleteIfExists(output());
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            agent,
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            folder.toString(),
            "0")
        .redirectErrorStream(true)
        .redirectOutput(output().toFile())
        .start();
  }

  private Client connect() {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              String printed = Files.readString(output());
              assertThat(process.isAlive()).as(printed).isTrue();
              return printed
                  .lines()
                  .filter(line -> line.startsWith("PORT ") && printed.endsWith("\n"))
                  .map(line -> URI.create("http://127.0.0.1:" + line.substring(5)))
                  .map(Client::new)
                  .toList();
            },
            found -> !found.isEmpty())
        .getFirst();
  }

  Client client() {
    return client;
  }

  Path data() {
    return folder.resolve("data");
  }

  /** Lets the server die at a point such as {@code after Files.move 1}, counted from now on. */
  void dieAt(String point) throws IOException {
    Path said = Files.writeString(folder.resolve("saying"), point);
    Files.move(said, folder.resolve("crash"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Lets each such call fail from now on, for this reason. */
  void fail(String call, String reason) throws IOException {
    Path said = Files.writeString(folder.resolve("saying"), call + " " + reason);
    Files.move(said, folder.resolve("fault"), StandardCopyOption.ATOMIC_MOVE);
  }

  void nothingFails() throws IOException {
    Files.deleteIfExists(folder.resolve("fault"));
  }

  /** What the server calls from now on, in that order. */
  void noteCalls() throws IOException {
    Files.createFile(folder.resolve("calls"));
  }

  List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  /** Waits until it is dead, and starts it anew. */
  void startAgain() throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("the server came to the place where it was to die")
        .isTrue();
    assertThat(process.exitValue()).as(Files.readString(output())).isEqualTo(137);
    revive();
  }

  /** Lets no test suffer from one that failed while the server was dead. */
  void ensureRunning() throws IOException {
    if (!process.isAlive() || Files.exists(folder.resolve("crash"))) {
      process.destroyForcibly();
      revive();
    }
  }

  private void revive() throws IOException {
    client.close();
    Files.deleteIfExists(folder.resolve("crash"));
    process = launch();
    client = connect();
  }

  void kill() {
    process.destroyForcibly();
  }

  private Path output() {
    return folder.resolve("output");
  }

  @Override
  public void close() {
    client.close();
    process.destroyForcibly();
  }
}
