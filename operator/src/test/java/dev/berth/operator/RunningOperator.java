package dev.berth.operator;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.authorization.Action;
import dev.berth.embedded.fault.ApiCall;
import dev.berth.embedded.fault.Faults;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The operator as it ships, with its own wiring and the rights that the chart gives it, on a
 * Kubernetes API in the process. What it is refused for want of a right fails the test at the end.
 */
final class RunningOperator implements AutoCloseable {
  private static final List<String> CRDS = List.of("registries", "repositories", "accesspolicies");

  /** What the API knows the operator by. */
  static final String USER_AGENT = "operator-under-test";

  private final ClusterUnderTest cluster;
  private final KubernetesClient client;
  private final Requests requests = new Requests();
  private final Map<String, Object> settings;
  private final ChartRights rights;
  private EmbeddedServer operator;

  RunningOperator() throws Exception {
    this(false, List.of());
  }

  /** With settings that it has besides those of every test. */
  RunningOperator(Map<String, Object> more) throws Exception {
    this(more, List.of());
  }

  /** With values of the chart that give it more rights. */
  RunningOperator(Map<String, Object> more, List<String> chartValues) throws Exception {
    this(false, List.of(), more, chartValues);
  }

  /** For these namespaces, which it makes; for all where there are none. */
  RunningOperator(boolean leaderElection, List<String> watchNamespaces) throws Exception {
    this(leaderElection, watchNamespaces, Map.of(), List.of());
  }

  private RunningOperator(
      boolean leaderElection,
      List<String> watchNamespaces,
      Map<String, Object> more,
      List<String> chartValues)
      throws Exception {
    cluster = ClusterUnderTest.open();
    client = cluster.client();
    namespace(ChartRights.NAMESPACE);
    watchNamespaces.forEach(this::namespace);
    rights = ChartRights.render(client, watchNamespaces, chartValues);
    rights.apply(client);
    settings = new HashMap<>(more);
    settings.put(TestClient.KUBECONFIG, cluster.kubeconfig());
    settings.put("micronaut.server.host", "127.0.0.1");
    settings.put("micronaut.server.port", -1);
    settings.put("berth.namespace", ChartRights.NAMESPACE);
    settings.put("berth.leader-election", leaderElection);
    if (!watchNamespaces.isEmpty()) {
      settings.put("berth.watch-namespaces", String.join(",", watchNamespaces));
    }
    for (String plural : CRDS) {
      try (InputStream crd =
          Objects.requireNonNull(
              Registry.class.getResourceAsStream(
                  "/META-INF/berth/crds/" + plural + ".berth.dev.yaml"))) {
        client.load(crd).serverSideApply();
      }
    }
    operator = start(USER_AGENT);
  }

  /** Starts an operator more, or the first one where there is none, under a name of its own. */
  EmbeddedServer start(String userAgent) {
    return start(userAgent, Map.of());
  }

  /** Starts an operator with more settings. */
  EmbeddedServer start(String userAgent, Map<String, Object> more) {
    return ApplicationContext.builder()
        .properties(settings)
        .properties(Map.of(TestClient.USER_AGENT, userAgent))
        .properties(more)
        .singletons(requests)
        .run(EmbeddedServer.class);
  }

  /** Ends the operator and starts another one, which knows only what the API holds. */
  void restart() {
    operator.close();
    operator = start(USER_AGENT);
  }

  /** What goes wrong between the API and the operator. */
  Faults faults() {
    return cluster.faults();
  }

  /** Has the API sign tokens of ServiceAccounts with another key. */
  void rotateTokenKeys() {
    cluster.rotateTokenKeys();
  }

  /** Calls that the operator makes, and no other client of the test. */
  static Predicate<ApiCall> itsCalls(Predicate<ApiCall> calls) {
    return call -> call.userAgent().equals(USER_AGENT) && calls.test(call);
  }

  /** Whether the API is a kube-apiserver. */
  boolean isReal() {
    return cluster.isReal();
  }

  /** Whether controllers and a node are at work that the test does not play. */
  boolean isWhole() {
    return cluster.isWhole();
  }

  /** What it has asked the API for. */
  Requests requests() {
    return requests;
  }

  /** Every call of the operator that runs now. */
  RecordedCalls calls() {
    return calls(operator);
  }

  /** Every call of an operator that was started. */
  static RecordedCalls calls(EmbeddedServer operator) {
    return operator.getApplicationContext().getBean(RecordedCalls.class);
  }

  /** What it may ask the API for. */
  ChartRights rights() {
    return rights;
  }

  KubernetesClient client() {
    return client;
  }

  EmbeddedServer server() {
    return operator;
  }

  /** Makes a pod that no node takes. */
  Pod pod(String namespace, String name, String image) {
    return client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("the-test")
                .addNewContainer()
                .withName("app")
                .withImage(image)
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  /** Makes a namespace, with labels as key and value in turn. */
  void namespace(String name, String... labels) {
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      pairs.put(labels[i], labels[i + 1]);
    }
    cluster.namespace(name, pairs);
  }

  /** Gives a claim its volume. */
  void bind(String namespace, String claim) {
    cluster.bind(namespace, claim);
  }

  @Override
  public void close() {
    cluster.clearIfWhole();
    operator.close();
    rights.remove(client);
    cluster.close();
    // The API refuses for other reasons too, such as a namespace that is being deleted.
    List<Action> missing =
        requests.refused().stream().filter(action -> !rights.allows(action)).toList();
    if (!missing.isEmpty()) {
      throw new AssertionError(
          "The operator asked for what the chart gives it no right to; add it to "
              + ChartRights.RULES
              + ", or do not ask: "
              + missing);
    }
    List<Requests.Asked> foreign =
        requests.asked().stream().filter(Requests.Asked::readsSecretsOfOthers).toList();
    if (!foreign.isEmpty()) {
      throw new AssertionError(
          "The operator read Secrets that are neither its own nor named: " + foreign);
    }
  }
}
