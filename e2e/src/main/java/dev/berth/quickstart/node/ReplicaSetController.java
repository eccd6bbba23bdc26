package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.Pods.orDefault;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** ReplicaSet → pods: as many as it asks for, no more. */
final class ReplicaSetController implements AutoCloseable {

  private final KubernetesClient client;
  private final EventRecorder events;
  private final Clock clock;
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>("replicasets", this::reconcile);

  ReplicaSetController(
      KubernetesClient client, ClusterInformers informers, EventRecorder events, Clock clock) {
    this.client = client;
    this.events = events;
    this.clock = clock;
    informers.on(ReplicaSet.class, set -> queue.add(ObjectKey.of(set)));
    informers.on(Pod.class, this::owner);
  }

  void start() {
    queue.start();
  }

  @Override
  public void close() {
    queue.close();
  }

  private void owner(Pod pod) {
    Pods.controllerOf(pod)
        .filter(owner -> "ReplicaSet".equals(owner.getKind()))
        .ifPresent(
            owner -> queue.add(new ObjectKey(pod.getMetadata().getNamespace(), owner.getName())));
  }

  private void reconcile(ObjectKey key) {
    ReplicaSet set =
        client.apps().replicaSets().inNamespace(key.namespace()).withName(key.name()).get();
    if (set == null || Pods.isDeleted(set)) {
      return;
    }
    List<Pod> pods = podsOf(set);
    int missing = orDefault(set.getSpec().getReplicas(), 1) - pods.size();
    for (int i = 0; i < missing; i++) {
      Pod pod = client.resource(PodTemplates.pod(set, set.getSpec().getTemplate())).create();
      events.normal(set, "SuccessfulCreate", "Created pod: " + pod.getMetadata().getName());
    }
    if (missing < 0) {
      pods.stream()
          .sorted(leastUsefulFirst())
          .limit(-missing)
          .forEach(
              pod -> {
                client.resource(pod).delete();
                events.normal(
                    set, "SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName());
              });
    }
    publish(key, set.getMetadata().getGeneration());
  }

  private void publish(ObjectKey key, Long generation) {
    ReplicaSet set =
        client.apps().replicaSets().inNamespace(key.namespace()).withName(key.name()).get();
    if (set == null) {
      return;
    }
    Instant now = clock.instant();
    int settle = orDefault(set.getSpec().getMinReadySeconds(), 0);
    List<Pod> pods = podsOf(set);
    int ready = (int) pods.stream().filter(Pods::isReady).count();
    int available = (int) pods.stream().filter(p -> Pods.isAvailable(p, settle, now)).count();
    ReplicaSetStatus status =
        new ReplicaSetStatusBuilder()
            .withObservedGeneration(generation)
            .withReplicas(pods.size())
            .withFullyLabeledReplicas(pods.size())
            .withReadyReplicas(ready)
            .withAvailableReplicas(available)
            .build();
    if (!status.equals(set.getStatus())) {
      client.resource(new ReplicaSetBuilder(set).withStatus(status).build()).updateStatus();
    }
    if (available < ready) {
      queue.addAfter(key, Duration.ofSeconds(1));
    }
  }

  private List<Pod> podsOf(ReplicaSet set) {
    return client.pods().inNamespace(set.getMetadata().getNamespace()).list().getItems().stream()
        .filter(pod -> Pods.isControlledBy(pod, set) && Pods.isActive(pod))
        .toList();
  }

  /** Not ready before ready, younger before older. */
  private static Comparator<Pod> leastUsefulFirst() {
    return Comparator.comparing(Pods::isReady)
        .thenComparing(pod -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder());
  }
}
