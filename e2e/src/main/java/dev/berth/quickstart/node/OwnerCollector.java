package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Deletes what has lost its last owner, and carries out foreground and orphan deletion. Whether an
 * owner exists is asked of the API each time: an owner that cannot be looked up counts as there.
 */
final class OwnerCollector implements AutoCloseable {

  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final ClusterInformers informers;
  private final ObjectGraph graph;
  private final Duration resync;
  private final WorkQueue<Node> queue = new WorkQueue<>("owners", this::reconcile);
  private final Map<ObjectGraph.Kind, SharedIndexInformer<GenericKubernetesResource>> custom =
      new ConcurrentHashMap<>();

  /** Dependents by the owner's uid, so that the end of an owner is answered at once. */
  private final Map<String, Set<Node>> dependents = new ConcurrentHashMap<>();

  private record Node(ObjectGraph.Kind kind, ObjectKey key) {}

  OwnerCollector(
      KubernetesClient client, ClusterInformers informers, ObjectGraph graph, Duration resync) {
    this.client = client;
    this.informers = informers;
    this.graph = graph;
    this.resync = resync;
    ObjectGraph.ownable().forEach(this::watch);
    informers.on(CustomResourceDefinition.class, this::watchCustom, this::forget);
  }

  void start() {
    queue.start();
  }

  @Override
  public void close() {
    queue.close();
    custom.values().forEach(SharedIndexInformer::stop);
  }

  private <T extends HasMetadata> void watch(Class<T> type) {
    ObjectGraph.Kind kind =
        new ObjectGraph.Kind(HasMetadata.getApiVersion(type), HasMetadata.getKind(type));
    informers.on(type, object -> seen(kind, object), this::gone);
  }

  private void watchCustom(CustomResourceDefinition definition) {
    for (Map.Entry<ObjectGraph.Kind, ResourceDefinitionContext> entry :
        graph.add(definition).entrySet()) {
      ObjectGraph.Kind kind = entry.getKey();
      custom.computeIfAbsent(
          kind,
          _ -> {
            SharedIndexInformer<GenericKubernetesResource> informer =
                client
                    .genericKubernetesResources(entry.getValue())
                    .inAnyNamespace()
                    .runnableInformer(resync.toMillis());
            informer.addEventHandler(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(GenericKubernetesResource object) {
                    seen(kind, object);
                  }

                  @Override
                  public void onUpdate(
                      GenericKubernetesResource before, GenericKubernetesResource object) {
                    seen(kind, object);
                  }

                  @Override
                  public void onDelete(GenericKubernetesResource object, boolean unknown) {
                    gone(object);
                  }
                });
            // A definition is served a moment after it appears; the informer tries until it is.
            informer.exceptionHandler((_, _) -> true);
            var _ = informer.start();
            return informer;
          });
    }
  }

  private void forget(CustomResourceDefinition definition) {
    graph.remove(definition);
    List<ObjectGraph.Kind> unknown =
        custom.keySet().stream().filter(kind -> !graph.knows(kind)).toList();
    unknown.forEach(
        kind -> {
          SharedIndexInformer<GenericKubernetesResource> informer = custom.remove(kind);
          if (informer != null) {
            informer.stop();
          }
        });
  }

  private void seen(ObjectGraph.Kind kind, HasMetadata object) {
    Node node = new Node(kind, ObjectKey.of(object));
    List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
    owners.forEach(
        o -> dependents.computeIfAbsent(o.getUid(), _ -> ConcurrentHashMap.newKeySet()).add(node));
    boolean cascading =
        Pods.isDeleted(object)
            && (object.getMetadata().getFinalizers().contains(FOREGROUND)
                || object.getMetadata().getFinalizers().contains(ORPHAN));
    if (cascading || !owners.isEmpty()) {
      queue.add(node);
    }
  }

  private void gone(HasMetadata object) {
    Set<Node> left = dependents.remove(object.getMetadata().getUid());
    if (left != null) {
      left.forEach(queue::add);
    }
  }

  private void reconcile(Node node) {
    HasMetadata object =
        graph.find(node.kind(), node.key().namespace(), node.key().name()).orElse(null);
    if (object == null) {
      return;
    }
    if (Pods.isDeleted(object)) {
      cascade(node, object);
      return;
    }
    List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
    if (!owners.isEmpty() && owners.stream().noneMatch(o -> exists(node, o))) {
      graph.delete(object);
    }
  }

  private boolean exists(Node dependent, OwnerReference owner) {
    ObjectGraph.Kind kind = new ObjectGraph.Kind(owner.getApiVersion(), owner.getKind());
    return !graph.knows(kind)
        || graph
            .find(kind, dependent.key().namespace(), owner.getName())
            .filter(found -> Objects.equals(found.getMetadata().getUid(), owner.getUid()))
            .isPresent();
  }

  private void cascade(Node node, HasMetadata owner) {
    List<String> finalizers = owner.getMetadata().getFinalizers();
    if (finalizers.contains(ORPHAN)) {
      graph.dependentsOf(owner).toList().forEach(dependent -> disown(owner, dependent));
      release(owner, ORPHAN);
    } else if (finalizers.contains(FOREGROUND)) {
      List<HasMetadata> left = graph.dependentsOf(owner).toList();
      left.stream().filter(dependent -> !Pods.isDeleted(dependent)).forEach(graph::delete);
      if (left.isEmpty()) {
        release(owner, FOREGROUND);
      } else {
        queue.addAfter(node, LOOK_AGAIN);
      }
    }
  }

  private void disown(HasMetadata owner, HasMetadata dependent) {
    dependent
        .getMetadata()
        .setOwnerReferences(
            dependent.getMetadata().getOwnerReferences().stream()
                .filter(o -> !Objects.equals(o.getUid(), owner.getMetadata().getUid()))
                .collect(Collectors.toCollection(ArrayList::new)));
    client.resource(dependent).update();
  }

  private void release(HasMetadata owner, String finalizer) {
    owner
        .getMetadata()
        .setFinalizers(
            owner.getMetadata().getFinalizers().stream()
                .filter(f -> !f.equals(finalizer))
                .collect(Collectors.toCollection(ArrayList::new)));
    client.resource(owner).update();
  }
}
