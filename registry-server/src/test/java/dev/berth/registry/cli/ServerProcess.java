package dev.berth.registry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server as a process of its own, with the first compiler alone and the cache of
 * classes that the build made: tests start dozens of them, and most end before either pays.
 */
final class ServerProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "berth-registry.jar").toAbsolutePath();

  private static final Path CACHE = JAR.resolveSibling("berth-registry.jsa");

  private final Process process;
  private final Path out;
  private final Path err;

  private ServerProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static ServerProcess start(Path workingDirectory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms32m", "-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"));
    command.addAll(List.of("-XX:SharedArchiveFile=" + CACHE, "-Xlog:cds=error", "-Xlog:aot=error"));
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(workingDirectory, "out", ".log");
    Path err = Files.createTempFile(workingDirectory, "err", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(workingDirectory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new ServerProcess(process, out, err);
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to end, as a container runtime does. */
  void terminate() {
    process.destroy();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the server did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
