package dev.berth.quickstart;

import dev.berth.quickstart.Progress.Goal;
import dev.berth.quickstart.QuickstartOptions.UsageException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * One command from nothing to a registry: a Kubernetes API, a node, the operator and a Registry.
 */
public final class Quickstart implements AutoCloseable {

  private static final int FAILURE = 1;
  private static final int WRONG_USAGE = 2;

  private final QuickstartOptions options;
  private final Installation installation;
  private final PrintStream out;
  private final StopList started;
  private final CountDownLatch operatorEnded = new CountDownLatch(1);

  private Quickstart(QuickstartOptions options, Installation installation, PrintStream out) {
    this.options = options;
    this.installation = installation;
    this.out = out;
    this.started = new StopList(out);
  }

  /** The program behind {@code ./quickstart}. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out = System.out;
    Installation installation = Installation.find();
    List<String> words = List.of(arguments);
    if (words.contains("--help") || words.contains("-h")) {
      out.print(QuickstartOptions.usage());
      return;
    }
    QuickstartOptions options;
    try {
      options = QuickstartOptions.parse(words, installation.home());
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      System.err.print(QuickstartOptions.usage());
      System.exit(WRONG_USAGE);
      return;
    }
    // Before anything logs: the log belongs to the state folder, which the command line names.
    System.setProperty("berth.log", options.state().resolve(StateFolder.LOG).toString());
    Quickstart quickstart = new Quickstart(options, installation, out);
    // Runs at Ctrl-C and SIGTERM as well; closing twice does nothing.
    Runtime.getRuntime().addShutdownHook(new Thread(quickstart::close, "end"));
    System.exit(quickstart.run());
  }

  private int run() throws InterruptedException {
    try {
      start();
      if (options.exitWhenReady()) {
        return 0;
      }
      out.println("Ctrl-C ends all of it; a second start finds the images again.");
      operatorEnded.await();
      if (!started.isClosing()) {
        System.err.println("The operator ended; its log is in " + options.state().resolve("logs"));
      }
      return FAILURE;
    } catch (QuickstartException | KubernetesClientException | IllegalStateException e) {
      if (!started.isClosing()) {
        System.err.println("Failed: " + e.getMessage());
      }
      return FAILURE;
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    started.close();
  }

  private void start() throws InterruptedException {
    StateFolder state =
        started.add("state folder", StateFolder.open(options.state(), options.fresh()));
    if (options.kubeconfig().isEmpty()) {
      requireFree("the registry", Samples.NODE_PORT, "end what listens there (ss -ltnp shows it)");
      requireFree("--port", options.port(), "choose another, or leave it out for a free one");
    }
    Cluster cluster =
        started.add(
            "Kubernetes API and node",
            options.kubeconfig().map(Cluster::given).orElseGet(() -> embedded(state)));
    out.println("Kubernetes: " + cluster.description());
    Login login = Login.of(state);
    Samples samples = new Samples(cluster.client());
    samples.applyDefinitions();
    samples.applyNamespaces();
    samples.applyLogin(login);
    OperatorProcess operator =
        started.add(
            "operator",
            OperatorProcess.start(installation, state, cluster.kubeconfig(), !cluster.isLocal()));
    operator.onExit(operatorEnded::countDown);
    out.println("Operator: started, its log is " + state.log("operator"));
    samples.applyFolder(installation.samples());
    out.println("Applied " + installation.samples() + "; waiting until the registry is ready");
    await(cluster, operator, state);
    Path ca = writeAuthority(cluster, state);
    if (cluster.isLocal()) {
      check(ca, login, operator);
    } else {
      out.printf(
          "To reach it from here: kubectl --kubeconfig %s -n %s port-forward service/%s %d:443%n",
          NextSteps.quoted(cluster.kubeconfig()),
          Samples.NAMESPACE,
          Samples.REGISTRY,
          Samples.NODE_PORT);
    }
    out.println(NextSteps.text(state, cluster.kubeconfig(), ca, login));
  }

  private Cluster embedded(StateFolder state) {
    return Cluster.embedded(options, installation, state);
  }

  private void await(Cluster cluster, OperatorProcess operator, StateFolder state)
      throws InterruptedException {
    List<Goal> goals =
        List.of(
            new Goal("Registry", "registries", Samples.NAMESPACE, Samples.REGISTRY, "Ready"),
            new Goal(
                "AccessPolicy",
                "accesspolicies",
                Samples.NAMESPACE,
                Samples.ACCESS_POLICY,
                "Enforced"));
    try {
      new Progress(cluster.client(), out).await(goals, options.timeout(), operator::failure);
    } catch (QuickstartException e) {
      throw new QuickstartException(
          e.getMessage() + "\n" + NextSteps.whenNotReady(state, cluster.kubeconfig()), e);
    }
  }

  private Path writeAuthority(Cluster cluster, StateFolder state) {
    String name = Samples.REGISTRY + "-ca";
    Secret secret = cluster.client().secrets().inNamespace(Samples.NAMESPACE).withName(name).get();
    if (secret == null || secret.getData() == null || !secret.getData().containsKey("ca.crt")) {
      throw new QuickstartException("the Secret " + name + " has no ca.crt");
    }
    return state.writePrivate(
        "ca.crt",
        new String(
            Base64.getDecoder().decode(secret.getData().get("ca.crt")), StandardCharsets.US_ASCII));
  }

  private void check(Path ca, Login login, OperatorProcess operator) throws InterruptedException {
    URI registry = URI.create("https://localhost:" + Samples.NODE_PORT);
    long deadline = System.nanoTime() + options.timeout().toNanos();
    try (RegistryCheck check = new RegistryCheck(registry, Files.readString(ca))) {
      while (true) {
        try {
          check.logIn(login);
          out.println("Checked: login over verified TLS at " + registry);
          return;
        } catch (QuickstartException e) {
          // At a second start the status is of the first one until the operator looks: the pod may
          // be starting.
          if (System.nanoTime() - deadline > 0 || operator.failure() != null) {
            throw e;
          }
          Thread.sleep(Duration.ofMillis(250));
        }
      }
    } catch (IOException e) {
      throw new QuickstartException("cannot read " + ca, e);
    }
  }

  private static void requireFree(String what, int port, String remedy) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    } catch (IOException e) {
      throw new QuickstartException(
          "port %d of 127.0.0.1, which %s needs, is taken: %s".formatted(port, what, remedy), e);
    }
  }
}
