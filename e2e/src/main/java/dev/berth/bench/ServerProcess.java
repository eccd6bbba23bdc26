package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A registry that the benchmark started; it and its folder go when it is closed, or at Ctrl-C. */
final class ServerProcess implements RunningRegistry {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Process process;
  private final Endpoint endpoint;
  private final ServerFolder folder;
  private volatile boolean ending;
  private final Thread atExit = new Thread(this::end, "end of a server");

  private ServerProcess(Process process, Endpoint endpoint, ServerFolder folder) {
    this.process = process;
    this.endpoint = endpoint;
    this.folder = folder;
  }

  /** Starts it, and returns when it answers. */
  static ServerProcess start(ServerFolder folder, Endpoint endpoint, List<String> command)
      throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.path().toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.log().toFile());
    // What the caller's shell sets is not to change what is measured.
    builder.environment().keySet().removeIf(ServerProcess::configures);
    // Later versions of distribution would look for a collector of traces.
    builder.environment().put("OTEL_TRACES_EXPORTER", "none");
    ServerProcess server;
    try {
      server = new ServerProcess(builder.start(), endpoint, folder);
    } catch (IOException e) {
      folder.delete();
      throw new BenchException(command.getFirst() + " cannot be started: " + e.getMessage(), e);
    }
    try {
      Runtime.getRuntime().addShutdownHook(server.atExit);
      server.awaitAnswer(Path.of(command.getFirst()));
    } catch (RuntimeException | InterruptedException e) {
      server.close();
      throw e;
    }
    return server;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public ServerProbe probe() {
    return new ServerProbe(process.toHandle());
  }

  @Override
  public @Nullable String failure() {
    if (ending) {
      return "it was stopped";
    }
    return process.isAlive()
        ? null
        : "it ended with exit code %d: %s".formatted(process.exitValue(), folder.lastWords());
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The program ends, and the hook finds nothing left to do.
    }
  }

  private void end() {
    ending = true;
    stop();
  }

  private synchronized void stop() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    folder.delete();
  }

  private void awaitAnswer(Path program) throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!Preflight.answers(endpoint)) {
      String failure = failure();
      if (failure != null) {
        throw new BenchException(program.getFileName() + " did not start: " + failure);
      }
      if (System.nanoTime() > deadline) {
        throw new BenchException(
            "%s did not answer on %s within %d seconds: %s"
                .formatted(program.getFileName(), endpoint, START.toSeconds(), folder.lastWords()));
      }
      Thread.sleep(POLL);
    }
  }

  private static boolean configures(String variable) {
    return variable.startsWith("REGISTRY_")
        || variable.startsWith("BERTH_")
        || variable.startsWith("OTEL_")
        || variable.equals("JAVA_TOOL_OPTIONS")
        || variable.equals("JDK_JAVA_OPTIONS");
  }
}
