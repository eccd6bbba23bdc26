package dev.berth.quickstart.node;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A mock API with a node on it whose images are the test program. */
final class NodeHarness implements AutoCloseable {

  static final String NAMESPACE = "team";
  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String POD_RANGE = "127.78";
  private static final String SERVICE_RANGE = "127.97";

  private static final System.Logger LOG = System.getLogger(NodeHarness.class.getName());

  private final KubernetesMockServer server;
  private final NodeOptions options;
  private final KubernetesClient client;
  private LocalNode node;

  NodeHarness(Path state) {
    Map<ServerRequest, Queue<ServerResponse>> responses = new HashMap<>();
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            responses,
            new KubernetesMixedDispatcher(responses),
            false);
    server.init();
    client = server.createClient();
    options =
        NodeOptions.in(state, Map.of("program", NodeHarness::entrypoint))
            .withRanges(POD_RANGE, SERVICE_RANGE)
            .withBackOff(Duration.ofSeconds(1), Duration.ofSeconds(4));
    Namespace namespace =
        new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
    client.resource(namespace).create();
    node = LocalNode.start(client, options);
  }

  static List<String> entrypoint(Container container, Path temporary) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        Path.of("target", "test-classes").toAbsolutePath().toString(),
        TestProgram.class.getName());
  }

  KubernetesClient client() {
    return client;
  }

  NodeOptions options() {
    return options;
  }

  void restartNode() {
    node.close();
    node = LocalNode.start(client, options);
  }

  Deployment deployment(String name, int replicas, Consumer<PodSpecBuilder> pod) {
    PodSpecBuilder spec =
        new PodSpecBuilder()
            .withTerminationGracePeriodSeconds(2L)
            .addNewContainer()
            .withName("main")
            .withImage("example.test/some/program:1")
            .addNewPort()
            .withName("http")
            .withContainerPort(8080)
            .endPort()
            .withNewReadinessProbe()
            .withPeriodSeconds(1)
            .withNewHttpGet()
            .withPath("/ready")
            .withNewPort("http")
            .endHttpGet()
            .endReadinessProbe()
            .endContainer();
    pod.accept(spec);
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .addToMatchLabels("app", name)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", name)
        .endMetadata()
        .withSpec(spec.build())
        .endTemplate()
        .endSpec()
        .build();
  }

  Deployment apply(Deployment deployment) {
    return client.resource(deployment).create();
  }

  /** Changes it, again when a controller wrote at the same time. */
  void change(Deployment deployment, UnaryOperator<Deployment> change) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                client
                    .apps()
                    .deployments()
                    .inNamespace(NAMESPACE)
                    .withName(deployment.getMetadata().getName())
                    .edit(change));
  }

  List<Pod> pods() {
    return client.pods().inNamespace(NAMESPACE).list().getItems();
  }

  List<Pod> readyPods() {
    return pods().stream().filter(Pods::isReady).toList();
  }

  Pod awaitOnePod() {
    eventually(() -> readyPods().size() == 1 && pods().size() == 1);
    return readyPods().getFirst();
  }

  Pod awaitOtherThan(Pod before) {
    eventually(
        () ->
            readyPods().stream()
                .anyMatch(p -> !p.getMetadata().getUid().equals(before.getMetadata().getUid())));
    return awaitOnePod();
  }

  boolean hasEvent(String reason, String text) {
    return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .anyMatch(e -> reason.equals(e.getReason()) && e.getMessage().contains(text));
  }

  List<Event> events() {
    return client.v1().events().inNamespace(NAMESPACE).list().getItems();
  }

  /** What a look needs and is not there yet, such as a first status, is looked for again. */
  void eventually(Callable<Boolean> condition) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(
            e -> e instanceof NullPointerException || e instanceof NoSuchElementException)
        .until(condition);
  }

  String get(Pod pod, String path) {
    return get(pod.getStatus().getPodIP(), 8080, path);
  }

  String get(String ip, int port, String path) {
    // A client of its own: a kept connection would stay with the pod it was passed to.
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://" + ip + ":" + port + path))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  long pidOf(Pod pod) {
    return Long.parseLong(get(pod, "/pid"));
  }

  @Override
  public void close() {
    node.close();
    client.close();
    try {
      server.destroy();
    } catch (IllegalStateException e) {
      // It waits ten seconds for its threads, which a busy machine may not give it; what a test is
      // about is over by now.
      LOG.log(System.Logger.Level.WARNING, "the mock server ends later", e);
    }
  }
}
