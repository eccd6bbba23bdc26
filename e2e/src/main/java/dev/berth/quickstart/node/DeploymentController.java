package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.Pods.orDefault;

import dev.berth.quickstart.node.RolloutPlan.Sized;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Deployment → ReplicaSets: one a template, the current one grown while the others shrink. */
final class DeploymentController implements AutoCloseable {

  private static final String REVISION = "deployment.kubernetes.io/revision";
  private static final int KEPT_REVISIONS = 10;

  private final KubernetesClient client;
  private final DeploymentStatusFactory statuses;
  private final EventRecorder events;
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>("deployments", this::reconcile);

  DeploymentController(
      KubernetesClient client, ClusterInformers informers, EventRecorder events, Clock clock) {
    this.client = client;
    this.events = events;
    this.statuses = new DeploymentStatusFactory(clock);
    informers.on(Deployment.class, d -> queue.add(ObjectKey.of(d)));
    informers.on(ReplicaSet.class, this::owner);
    // A Recreate rollout waits for the last old pod to be gone.
    informers.on(Pod.class, _ -> {}, this::deploymentOf);
  }

  void start() {
    queue.start();
  }

  @Override
  public void close() {
    queue.close();
  }

  private void owner(ReplicaSet set) {
    Pods.controllerOf(set)
        .filter(owner -> "Deployment".equals(owner.getKind()))
        .ifPresent(
            owner -> queue.add(new ObjectKey(set.getMetadata().getNamespace(), owner.getName())));
  }

  private void deploymentOf(Pod pod) {
    String namespace = pod.getMetadata().getNamespace();
    Pods.controllerOf(pod)
        .filter(owner -> "ReplicaSet".equals(owner.getKind()))
        .map(
            owner ->
                client.apps().replicaSets().inNamespace(namespace).withName(owner.getName()).get())
        .ifPresent(this::owner);
  }

  private void reconcile(ObjectKey key) {
    Deployment deployment =
        client.apps().deployments().inNamespace(key.namespace()).withName(key.name()).get();
    if (deployment == null || Pods.isDeleted(deployment)) {
      return;
    }
    List<ReplicaSet> sets = setsOf(deployment);
    String hash = PodTemplates.hash(deployment.getSpec().getTemplate());
    ReplicaSet current =
        sets.stream()
            .filter(s -> hash.equals(s.getMetadata().getLabels().get(PodTemplates.HASH_LABEL)))
            .findFirst()
            .orElse(null);
    List<ReplicaSet> others =
        sets.stream()
            .filter(s -> !hash.equals(s.getMetadata().getLabels().get(PodTemplates.HASH_LABEL)))
            .sorted(Comparator.comparingLong(DeploymentController::revision))
            .toList();
    boolean paused = Boolean.TRUE.equals(deployment.getSpec().getPaused());
    if (!paused || current != null) {
      rollOut(deployment, current, others, hash);
    }
    deleteOldRevisions(deployment, others);
    publish(deployment, hash);
  }

  private void rollOut(
      Deployment deployment, @Nullable ReplicaSet current, List<ReplicaSet> others, String hash) {
    int replicas = orDefault(deployment.getSpec().getReplicas(), 1);
    if (isRecreate(deployment)) {
      others.forEach(set -> resize(deployment, set, 0));
      if (others.stream().anyMatch(this::hasPods)) {
        return;
      }
      if (current == null) {
        create(deployment, others, hash, replicas);
      } else {
        resize(deployment, current, replicas);
      }
      return;
    }
    RollingUpdateDeployment rolling =
        deployment.getSpec().getStrategy() == null
            ? null
            : deployment.getSpec().getStrategy().getRollingUpdate();
    int surge = share(rolling == null ? null : rolling.getMaxSurge(), replicas, true);
    int unavailable = share(rolling == null ? null : rolling.getMaxUnavailable(), replicas, false);
    if (surge == 0 && unavailable == 0) {
      unavailable = 1;
    }
    Sized now = current == null ? new Sized(0, 0) : sized(current);
    RolloutPlan plan =
        RolloutPlan.rolling(
            replicas,
            surge,
            unavailable,
            now,
            others.stream().map(DeploymentController::sized).toList());
    if (current == null) {
      create(deployment, others, hash, plan.current());
    } else {
      resize(deployment, current, plan.current());
    }
    for (int i = 0; i < others.size(); i++) {
      resize(deployment, others.get(i), plan.others().get(i));
    }
  }

  private void create(Deployment deployment, List<ReplicaSet> others, String hash, int size) {
    long revision = others.stream().mapToLong(DeploymentController::revision).max().orElse(0) + 1;
    ReplicaSet set =
        new ReplicaSetBuilder()
            .withNewMetadata()
            .withNamespace(deployment.getMetadata().getNamespace())
            .withName(deployment.getMetadata().getName() + "-" + hash)
            .addToLabels(PodTemplates.labels(deployment.getSpec().getTemplate()))
            .addToLabels(PodTemplates.HASH_LABEL, hash)
            .addToAnnotations(REVISION, Long.toString(revision))
            .withOwnerReferences(Pods.controller(deployment))
            .endMetadata()
            .withNewSpec()
            .withReplicas(size)
            .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
            .withNewSelector()
            .addToMatchLabels(deployment.getSpec().getSelector().getMatchLabels())
            .addToMatchLabels(PodTemplates.HASH_LABEL, hash)
            .endSelector()
            .withTemplate(PodTemplates.labelled(deployment.getSpec().getTemplate(), hash))
            .endSpec()
            .build();
    client.resource(set).create();
    events.normal(
        deployment,
        "ScalingReplicaSet",
        "Scaled up replica set " + set.getMetadata().getName() + " to " + size);
  }

  private void resize(Deployment deployment, ReplicaSet set, int size) {
    int before = orDefault(set.getSpec().getReplicas(), 1);
    if (before == size) {
      return;
    }
    client
        .resource(new ReplicaSetBuilder(set).editSpec().withReplicas(size).endSpec().build())
        .update();
    events.normal(
        deployment,
        "ScalingReplicaSet",
        "Scaled %s replica set %s from %d to %d"
            .formatted(size > before ? "up" : "down", set.getMetadata().getName(), before, size));
  }

  private void deleteOldRevisions(Deployment deployment, List<ReplicaSet> oldestFirst) {
    List<ReplicaSet> empty =
        oldestFirst.stream().filter(s -> sized(s).size() == 0 && !hasPods(s)).toList();
    int kept = orDefault(deployment.getSpec().getRevisionHistoryLimit(), KEPT_REVISIONS);
    empty.stream()
        .limit(Math.max(0, empty.size() - kept))
        .forEach(set -> client.resource(set).delete());
  }

  private void publish(Deployment seen, String hash) {
    Deployment deployment = client.resource(seen).get();
    if (deployment == null) {
      return;
    }
    // observedGeneration tells which specification this status speaks of: the one acted upon above.
    DeploymentStatus status =
        statuses.status(deployment, seen.getMetadata().getGeneration(), setsOf(deployment), hash);
    if (!status.equals(deployment.getStatus())) {
      client.resource(new DeploymentBuilder(deployment).withStatus(status).build()).updateStatus();
    }
  }

  private List<ReplicaSet> setsOf(Deployment deployment) {
    return client
        .apps()
        .replicaSets()
        .inNamespace(deployment.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(set -> Pods.isControlledBy(set, deployment) && !Pods.isDeleted(set))
        .toList();
  }

  private boolean hasPods(ReplicaSet set) {
    return client.pods().inNamespace(set.getMetadata().getNamespace()).list().getItems().stream()
        .anyMatch(pod -> Pods.isControlledBy(pod, set));
  }

  private static boolean isRecreate(Deployment deployment) {
    return deployment.getSpec().getStrategy() != null
        && "Recreate".equals(deployment.getSpec().getStrategy().getType());
  }

  private static Sized sized(ReplicaSet set) {
    int available =
        set.getStatus() == null ? 0 : orDefault(set.getStatus().getAvailableReplicas(), 0);
    return new Sized(orDefault(set.getSpec().getReplicas(), 1), available);
  }

  private static long revision(ReplicaSet set) {
    return Long.parseLong(
        Objects.requireNonNullElse(set.getMetadata().getAnnotations().get(REVISION), "0"));
  }

  /** A number, or a percentage of the replicas rounded up or down; a quarter by default. */
  static int share(@Nullable IntOrString value, int replicas, boolean up) {
    if (value != null && value.getIntVal() != null) {
      return value.getIntVal();
    }
    String text = value == null || value.getStrVal() == null ? "25%" : value.getStrVal();
    int percent = Integer.parseInt(text.replace("%", "").trim());
    double exact = replicas * percent / 100.0;
    return (int) (up ? Math.ceil(exact) : Math.floor(exact));
  }
}
