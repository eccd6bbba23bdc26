package dev.berth.quickstart;

import dev.berth.quickstart.node.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operator, as it is shipped, in a process of its own. */
final class OperatorProcess implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(15);

  private final ChildProcess process;
  private final Path log;

  private OperatorProcess(ChildProcess process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param shared whether other operators may watch the same cluster
   */
  static OperatorProcess start(
      Installation installation, StateFolder state, Path kubeconfig, boolean shared) {
    Path log = state.log("operator");
    List<String> command = new ArrayList<>();
    command.add(installation.java().toString());
    command.addAll(installation.jvmOptions(installation.operatorJar()));
    command.addAll(List.of("-Xmx192m", "-jar", installation.operatorJar().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("KUBECONFIG", kubeconfig.toString());
    environment.put("BERTH_LISTEN_ADDRESS", "127.0.0.1");
    environment.put("BERTH_OPERATOR_PORT", Integer.toString(freePort()));
    environment.put("BERTH_NAMESPACE", Samples.OPERATOR_NAMESPACE);
    // Alone, it need not wait until the lease of a killed one runs out.
    environment.put("BERTH_LEADER_ELECTION", Boolean.toString(shared));
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return new OperatorProcess(ChildProcess.start(state.ledger(), builder), log);
    } catch (IOException e) {
      throw new QuickstartException("the operator cannot be started: " + e.getMessage(), e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void onExit(Runnable action) {
    process.onExit(action);
  }

  /** Why it is not running, null while it is. */
  @Nullable String failure() {
    return process.isAlive()
        ? null
        : "the operator ended with exit code " + process.exitCode() + ": its log is " + log;
  }

  @Override
  public void close() {
    process.stop(GRACE);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new QuickstartException("no free port on 127.0.0.1: " + e.getMessage(), e);
    }
  }
}
