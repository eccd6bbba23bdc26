package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.EmbeddedApi;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import dev.berth.program.ProgramOptions;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two operators of one cluster, as the processes that they are: one leads, the other takes over.
 */
@NullUnmarked // a null is a failed test
class LeaderElectionIT {
  private static final Path JAR =
      Path.of("..", "operator", "target", "berth-operator.jar").toAbsolutePath().normalize();
  private static final String NAMESPACE = "berth-election";

  /** A lease lasts 15 s, and the machine may be busy. */
  private static final Duration TAKEOVER = Duration.ofMinutes(2);

  /** A waiting operator looks about every two seconds. */
  private static final Duration HANDOVER = Duration.ofSeconds(5);

  @TempDir private Path folder;
  private final List<Process> operators = new ArrayList<>();
  private @Nullable EmbeddedApi api;
  private KubernetesClient client;

  @BeforeEach
  void startApi() throws IOException {
    String given = System.getenv("KUBECONFIG");
    if ("real".equals(System.getProperty("cluster")) && given != null && !given.isEmpty()) {
      api = null;
      Files.copy(Path.of(given), folder.resolve("kubeconfig"));
    } else {
      api = EmbeddedApi.mock();
      Files.writeString(folder.resolve("kubeconfig"), api.kubeconfigYaml());
    }
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(folder.resolve("kubeconfig"))))
            .build();
    Namespace namespace =
        new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
    client.resource(namespace).create();
    for (String kind : List.of("registries", "repositories", "accesspolicies")) {
      try (InputStream crd =
          Registry.class.getResourceAsStream("/META-INF/berth/crds/" + kind + ".berth.dev.yaml")) {
        client.load(crd).serverSideApply();
      }
    }
  }

  @AfterEach
  void end() {
    operators.forEach(Process::destroyForcibly);
    if (api == null) {
      client.namespaces().withName(NAMESPACE).delete();
      await().atMost(TAKEOVER).until(() -> client.namespaces().withName(NAMESPACE).get() == null);
    } else {
      api.close();
    }
    client.close();
  }

  @Test
  void theSecondOperatorTakesOverWhenTheFirstIsKilled() throws IOException {
    // Given
    Process first = operator("first");
    await().atMost(TAKEOVER).until(() -> holder().equals(Optional.of("first")));
    Process second = operator("second");
    apply("one");
    await().atMost(TAKEOVER).until(() -> isReconciled("one"));
    assertThat(holder()).contains("first");

    // When
    first.destroyForcibly();

    // Then
    await().atMost(TAKEOVER).until(() -> holder().equals(Optional.of("second")));
    apply("two");
    await().atMost(TAKEOVER).until(() -> isReconciled("two"));
    assertThat(second.isAlive()).isTrue();
  }

  @Test
  void anOperatorThatEndsInGoodOrderHandsOverAtOnce() throws Exception {
    // Given
    Process first = operator("first");
    await().atMost(TAKEOVER).until(() -> holder().equals(Optional.of("first")));
    operator("second");
    await().atMost(TAKEOVER).until(() -> log("second").contains("Startup completed"));

    // When
    first.destroy();

    // Then
    assertThat(first.waitFor(15, TimeUnit.SECONDS)).isTrue();
    await().atMost(HANDOVER).until(() -> holder().equals(Optional.of("second")));
    apply("one");
    await().atMost(TAKEOVER).until(() -> isReconciled("one"));
  }

  @Test
  void anOperatorThatLosesItsLeaseEndsAndLeavesTheRestToTheOther() throws Exception {
    // Given
    Process first = operator("first");
    await().atMost(TAKEOVER).until(() -> holder().equals(Optional.of("first")));
    Process second = operator("second");
    await().atMost(TAKEOVER).until(() -> log("second").contains("Startup completed"));

    // When
    Faults.Rule unreachable = faults().on(call -> call.isOf("leases"), Fault.refuse());

    // Then
    assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).isEqualTo(1);
    assertThat(log("first")).contains("is lost");
    unreachable.close();
    await().atMost(TAKEOVER).until(() -> holder().equals(Optional.of("second")));
    assertThat(second.isAlive()).isTrue();
  }

  @Test
  void anOperatorThatCannotSeeTheClusterEndsToBeStartedAgain() throws Exception {
    // Given
    Faults.Rule refusal =
        faults().on(call -> call.verb().equals("list") && call.isOf("secrets"), Fault.answer(403));

    // When
    Process first = operator("first");

    // Then
    assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).isNotZero();
    assertThat(log("first")).contains("The operator cannot start");
    assertThat(log("first").lines().filter(line -> line.startsWith("\tat ")).count())
        .isLessThan(50);

    // When
    refusal.close();
    operator("again");

    // Then
    apply("one");
    await().atMost(TAKEOVER).until(() -> isReconciled("one"));
  }

  private Faults faults() {
    Assumptions.assumeTrue(api != null, "only the API in memory fails as it is told");
    return api.faults();
  }

  private String log(String identity) throws IOException {
    return Files.readString(folder.resolve(identity + ".log"));
  }

  private Optional<String> holder() {
    Lease lease = client.leases().inNamespace(NAMESPACE).withName("berth-operator").get();
    return Optional.ofNullable(lease).map(l -> l.getSpec().getHolderIdentity());
  }

  private boolean isReconciled(String name) {
    return client.apps().deployments().inNamespace(NAMESPACE).withName(name).get() != null;
  }

  private void apply(String name) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: berth.dev/v1alpha1
                kind: Registry
                metadata: {name: %s, namespace: %s}
                spec: {}
                """
                    .formatted(name, NAMESPACE),
                GenericKubernetesResource.class))
        .create();
  }

  private Process operator(String identity) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ProgramOptions.of(RunningQuickstart.HOME, JAR));
    command.addAll(List.of("-Xmx192m", "-jar", JAR.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(identity + ".log").toFile());
    builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
    builder.environment().put("BERTH_NAMESPACE", NAMESPACE);
    builder.environment().put("BERTH_LISTEN_ADDRESS", "127.0.0.1");
    builder.environment().put("BERTH_OPERATOR_PORT", Integer.toString(freePort()));
    builder.environment().put("HOSTNAME", identity);
    Process process = builder.start();
    operators.add(process);
    return process;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
