package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Binds pods that were made without a node to the one there is. */
final class PodScheduler implements AutoCloseable {

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final EventRecorder events;
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>("scheduler", this::reconcile);

  PodScheduler(KubernetesClient client, ClusterInformers informers, EventRecorder events) {
    this.client = client;
    this.events = events;
    informers.on(
        Pod.class,
        pod -> {
          if (isUnbound(pod)) {
            queue.add(ObjectKey.of(pod));
          }
        },
        _ -> {});
  }

  void start() {
    queue.start();
  }

  @Override
  public void close() {
    queue.close();
  }

  private static boolean isUnbound(Pod pod) {
    return pod.getSpec().getNodeName() == null || pod.getSpec().getNodeName().isEmpty();
  }

  private void reconcile(ObjectKey key) {
    Pod pod = client.pods().inNamespace(key.namespace()).withName(key.name()).get();
    if (pod == null || Pods.isDeleted(pod) || !isUnbound(pod)) {
      return;
    }
    try {
      client
          .resource(
              new PodBuilder(pod).editSpec().withNodeName(NodeOptions.NODE_NAME).endSpec().build())
          .update();
    } catch (KubernetesClientException e) {
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      // A real API takes a node's name by a Binding only.
      client
          .resource(
              new BindingBuilder()
                  .withNewMetadata()
                  .withNamespace(key.namespace())
                  .withName(key.name())
                  .endMetadata()
                  .withNewTarget()
                  .withApiVersion("v1")
                  .withKind("Node")
                  .withName(NodeOptions.NODE_NAME)
                  .endTarget()
                  .build())
          .create();
    }
    events.normal(
        pod, "Scheduled", "Successfully assigned " + key + " to " + NodeOptions.NODE_NAME);
  }
}
