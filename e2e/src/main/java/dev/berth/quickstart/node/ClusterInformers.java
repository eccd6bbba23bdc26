package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One informer a kind, shared by the controllers; a resync shows every object to its listeners
 * again.
 */
final class ClusterInformers implements AutoCloseable {

  private final KubernetesClient client;
  private final Duration resync;
  private final Map<Class<? extends HasMetadata>, SharedIndexInformer<? extends HasMetadata>>
      informers = new LinkedHashMap<>();

  ClusterInformers(KubernetesClient client, Duration resync) {
    this.client = client;
    this.resync = resync;
  }

  /** Calls the listener for every object that is there, appears, changes or goes. */
  <T extends HasMetadata> void on(Class<T> kind, Consumer<T> listener) {
    on(kind, listener, listener);
  }

  /** The same with another listener for objects that went. */
  <T extends HasMetadata> void on(Class<T> kind, Consumer<T> seen, Consumer<T> gone) {
    informer(kind)
        .addEventHandler(
            new ResourceEventHandler<T>() {
              @Override
              public void onAdd(T object) {
                seen.accept(object);
              }

              @Override
              public void onUpdate(T before, T object) {
                seen.accept(object);
              }

              @Override
              public void onDelete(T object, boolean finalStateUnknown) {
                gone.accept(object);
              }
            });
  }

  /** What is known now of a kind that something listens to. */
  <T extends HasMetadata> List<T> list(Class<T> kind) {
    return informer(kind).getStore().list();
  }

  void start() {
    informers.values().stream()
        .map(informer -> informer.start().toCompletableFuture())
        .toList()
        .forEach(started -> started.join());
  }

  @Override
  public void close() {
    informers.values().forEach(SharedIndexInformer::stop);
  }

  @SuppressWarnings("unchecked")
  private <T extends HasMetadata> SharedIndexInformer<T> informer(Class<T> kind) {
    return (SharedIndexInformer<T>)
        informers.computeIfAbsent(
            kind, k -> client.resources(k).inAnyNamespace().runnableInformer(resync.toMillis()));
  }
}
