package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.EmbeddedApi;
import dev.berth.embedded.fault.ApiCall;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much the operator takes for many objects: run with {@code -Dscale=true}, since it takes its
 * time. The operator is a process of its own, as it ships; the API, and a pod for each registry
 * that takes its policy, are in this one.
 */
@NullUnmarked // a null is a failed test
@EnabledIfSystemProperty(named = "scale", matches = "true")
class ScaleIT {
  private static final int REGISTRIES = Integer.getInteger("scale.registries", 300);
  private static final int REPOSITORIES_EACH = 5;
  private static final int POLICIES_EACH = 2;
  private static final int PER_NAMESPACE = 10;
  private static final int FOREIGN_SECRETS = 20_000;
  private static final Duration IDLE = Duration.parse(System.getProperty("scale.idle", "PT1M"));
  private static final Duration LONG = Duration.ofMinutes(15);

  /** What the image's entry point has, with 30 % of the chart's memory limit as the heap. */
  private static final String JVM =
      System.getProperty(
          "scale.jvm",
          "@../tools/image/jvm.options -Xmx154m -XX:NewRatio=4 -XX:MaxDirectMemorySize=64m");

  private static final Path JAR = Path.of("target", "berth-operator.jar").toAbsolutePath();

  @TempDir private Path folder;
  private final Queue<ApiCall> writes = new ConcurrentLinkedQueue<>();
  private final Map<String, FakeReplica> replicas = new ConcurrentHashMap<>();
  private KubernetesClient client;

  @Test
  void manyRegistriesNeedLittle() throws Exception {
    try (EmbeddedApi api = EmbeddedApi.mock();
        KubernetesClient own = patientClient(api)) {
      client = own;
      prepare(api);
      int port = freePort();
      Process operator = operator(port);
      try {
        await().atMost(LONG).ignoreExceptions().until(() -> reconciles(port).all() == 0);
        Instant begin = Instant.now();
        create();
        long created = Duration.between(begin, Instant.now()).toSeconds();
        await().atMost(LONG).pollInterval(Duration.ofSeconds(1)).until(this::attend);
        await().atMost(LONG).pollInterval(Duration.ofSeconds(2)).until(this::isAllReady);
        say("created in %d s, all ready after %d s".formatted(created, since(begin)));
        long withAll = settled(operator);
        long peak = memory(operator, "VmHWM");
        say("resident %d MiB, peak %d MiB".formatted(withAll, peak));

        foreignSecrets();
        long withForeign = settled(operator);
        say("resident %d MiB with %d foreign Secrets more".formatted(withForeign, FOREIGN_SECRETS));

        await().atMost(LONG).pollInterval(Duration.ofSeconds(5)).until(this::isQuiet);
        Reconciles before = reconciles(port);
        writes.clear();
        waitFor(IDLE);
        Reconciles idle = reconciles(port).since(before);
        List<ApiCall> idleWrites = List.copyOf(writes);
        say(
            "%s idle: %d writes, %d reconciles, %d of them within 50 ms, %d within 10 ms"
                .formatted(IDLE, idleWrites.size(), idle.all(), idle.within50(), idle.within10()));
        say("resident %d MiB in the end".formatted(memory(operator, "VmRSS")));

        assertThat(peak).isLessThanOrEqualTo(384);
        assertThat(withForeign - withAll).isLessThan(20);
        assertThat(idleWrites).isEmpty();
        assertThat(idle.all()).isPositive();
        assertThat(idle.within50()).isGreaterThanOrEqualTo(Math.ceilDiv(idle.all() * 99, 100));
      } finally {
        operator.destroyForcibly();
        replicas.values().forEach(FakeReplica::close);
      }
    }
  }

  /** Many thousand writes keep an API in memory busy for longer than a client usually waits. */
  private static KubernetesClient patientClient(EmbeddedApi api) {
    Config config = Config.fromKubeconfig(api.kubeconfigYaml());
    config.setRequestTimeout(120_000);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private void prepare(EmbeddedApi api) throws IOException {
    api.faults()
        .observe(
            call -> {
              if (call.userAgent().startsWith("berth-operator/")
                  && call.isWrite()
                  && !call.isOf("leases")) {
                writes.add(call);
              }
            });
    for (String kind : List.of("registries", "repositories", "accesspolicies")) {
      try (InputStream crd =
          Registry.class.getResourceAsStream("/META-INF/berth/crds/" + kind + ".berth.dev.yaml")) {
        client.load(crd).create();
      }
    }
    Stream.concat(
            Stream.of("berth-system", "foreign"),
            Stream.iterate(0, i -> i < REGISTRIES, i -> i + PER_NAMESPACE)
                .map(ScaleIT::namespaceOf))
        .forEach(
            name ->
                client
                    .resource(
                        new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create());
    Files.writeString(folder.resolve("kubeconfig"), api.kubeconfigYaml());
  }

  private void create() {
    for (int i = 0; i < REGISTRIES; i++) {
      Scenario scenario = scenario(i, "main");
      String registry = "r" + i;
      scenario.apply("Registry", registry, "{externalHosts: [%s.example.com]}".formatted(registry));
      for (int k = 0; k < REPOSITORIES_EACH; k++) {
        scenario.apply(
            "Repository",
            registry + "-" + k,
            "{registryRef: {name: %s}, path: team-%d/**, description: Images of a team}"
                .formatted(registry, k));
      }
      for (int k = 0; k < POLICIES_EACH; k++) {
        scenario.apply(
            "AccessPolicy",
            registry + "-" + k,
            """
            {registryRef: {name: %s}, subjects: [{kind: User, name: user-%d}],
             rules: [{repositories: ["team-%d/**"], actions: [Pull, Push]}]}
            """
                .formatted(registry, k, k));
      }
    }
  }

  /** Binds every claim and starts every pod, once; whether all are there. */
  private boolean attend() throws Exception {
    for (int i = 0; i < REGISTRIES; i++) {
      String registry = "r" + i;
      if (!replicas.containsKey(registry)) {
        Scenario scenario = scenario(i, registry);
        if (scenario.attend()) {
          replicas.put(registry, scenario.replica());
        }
      }
    }
    return replicas.size() == REGISTRIES;
  }

  private Scenario scenario(int i, String registry) {
    return new Scenario(
        client,
        (namespace, claim) -> ClusterUnderTest.bindByStatus(client, namespace, claim),
        namespaceOf(i),
        registry);
  }

  private boolean isAllReady() {
    return client.resources(Registry.class).inAnyNamespace().list().getItems().stream()
            .allMatch(registry -> Scenario.isTrue(registry, "Ready"))
        && client.resources(AccessPolicy.class).inAnyNamespace().list().getItems().stream()
            .allMatch(policy -> Scenario.isTrue(policy, "Enforced"));
  }

  private boolean isQuiet() {
    boolean quiet = writes.isEmpty();
    writes.clear();
    return quiet;
  }

  private void foreignSecrets() {
    String data = "x".repeat(1024);
    for (int i = 0; i < FOREIGN_SECRETS; i++) {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName("s" + i)
                  .withNamespace("foreign")
                  .endMetadata()
                  .addToData("key", data)
                  .build())
          .create();
    }
  }

  /** Resident MiB, once it has stopped to change. */
  private static long settled(Process process) {
    List<Long> last = new ArrayList<>();
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofSeconds(5))
        .until(
            () -> {
              last.add(memory(process, "VmRSS"));
              return last.size() > 6 && Math.abs(last.getLast() - last.get(last.size() - 7)) <= 1;
            });
    return last.getLast();
  }

  private static long memory(Process process, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private static void waitFor(Duration duration) {
    Instant end = Instant.now().plus(duration);
    await()
        .atMost(duration.plusMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> !Instant.now().isBefore(end));
  }

  /** How many visits there were, of all three kinds, and how many ended in time. */
  private record Reconciles(long all, long within50, long within10) {
    Reconciles since(Reconciles before) {
      return new Reconciles(
          all - before.all, within50 - before.within50, within10 - before.within10);
    }
  }

  private static Reconciles reconciles(int port) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String metrics =
          http.send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      return new Reconciles(
          bucket(metrics, "\\+Inf"), bucket(metrics, "0\\.05"), bucket(metrics, "0\\.01"));
    }
  }

  private static long bucket(String metrics, String le) {
    return Pattern.compile(
            "reconciliations_execution_duration_seconds_bucket\\{[^}]*le=\""
                + le
                + "\"[^}]*} (\\S+)")
        .matcher(metrics)
        .results()
        .mapToLong(result -> (long) Double.parseDouble(result.group(1)))
        .sum();
  }

  private Process operator(int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JVM.split("\\s+")));
    command.addAll(List.of("-jar", JAR.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "scale-operator.log").toFile());
    builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    builder.environment().put("BERTH_NAMESPACE", "berth-system");
    builder.environment().put("BERTH_LISTEN_ADDRESS", "127.0.0.1");
    builder.environment().put("BERTH_OPERATOR_PORT", Integer.toString(port));
    return builder.start();
  }

  private static String namespaceOf(int registry) {
    return "n" + registry / PER_NAMESPACE;
  }

  private static long since(Instant begin) {
    return Duration.between(begin, Instant.now()).toSeconds();
  }

  private static void say(String measured) {
    System.out.println("scale: " + measured);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
