package dev.berth.embedded;

import dev.berth.embedded.fault.Faults;
import dev.berth.embedded.http.ApiDispatcher;
import dev.berth.embedded.http.ApiServer;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.store.Snapshot;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/** The API in memory. */
final class MockApi implements EmbeddedApi {
  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");

  private final Optional<Snapshot> snapshot;
  private final ApiServer server;
  private final Faults faults;
  private final ApiDispatcher dispatcher;
  private final String kubeconfig;

  private MockApi(
      Optional<Snapshot> snapshot,
      ApiServer server,
      Faults faults,
      ApiDispatcher dispatcher,
      String kubeconfig) {
    this.dispatcher = dispatcher;
    this.snapshot = snapshot;
    this.server = server;
    this.faults = faults;
    this.kubeconfig = kubeconfig;
  }

  static MockApi start(MockOptions options) {
    ObjectStore store = new ObjectStore();
    Optional<Snapshot> snapshot = options.snapshot().map(file -> Snapshot.of(store, file));
    ApiDispatcher dispatcher = new ApiDispatcher(store, options.clock());
    Faults faults = new Faults(dispatcher::dropWatches, store::forgetChanges);
    NAMESPACES.forEach(dispatcher::ensureNamespace);
    // The key is needed only until the server has read it: a killed process leaves none behind.
    try (Credentials credentials = Credentials.create()) {
      ApiServer server =
          new ApiServer(
              dispatcher,
              faults,
              options.port(),
              credentials.token(),
              credentials.certificate(),
              credentials.key());
      return new MockApi(
          snapshot, server, faults, dispatcher, credentials.kubeconfig(server.port()));
    } catch (RuntimeException e) {
      snapshot.ifPresent(Snapshot::close);
      throw e;
    }
  }

  @Override
  public String kubeconfigYaml() {
    return kubeconfig;
  }

  @Override
  public KubernetesClient client() {
    return Clients.of(kubeconfig);
  }

  @Override
  public String description() {
    return "API in memory on https://127.0.0.1:" + server.port();
  }

  @Override
  public Faults faults() {
    return faults;
  }

  @Override
  public void rotateTokenKeys() {
    dispatcher.rotateTokenKeys();
  }

  @Override
  public boolean isReal() {
    return false;
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      // A server that is slow to end must not cost what it was told.
      snapshot.ifPresent(Snapshot::close);
    }
  }
}
