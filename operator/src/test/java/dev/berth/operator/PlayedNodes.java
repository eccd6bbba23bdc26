package dev.berth.operator;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/** What controllers and kubelets would do for the agents and trial pulls of Registry main. */
@NullUnmarked // a null is a failed test
record PlayedNodes(KubernetesClient client, String namespace) {
  static final String AGENTS = "main-node-access";
  private static final String PLAN = "berth.dev/plan";

  /** What the cluster's controller says of the agents as they are now. */
  void count(int total, int ready) {
    DaemonSet agents = agents();
    agents.setStatus(
        new DaemonSetStatusBuilder()
            .withObservedGeneration(agents.getMetadata().getGeneration())
            .withDesiredNumberScheduled(total)
            .withCurrentNumberScheduled(total)
            .withUpdatedNumberScheduled(total)
            .withNumberReady(ready)
            .build());
    agents.getMetadata().setResourceVersion(null);
    agents.getMetadata().setManagedFields(null);
    client.resource(agents).updateStatus();
  }

  /** A node that the API knows. */
  void node(String name, Map<String, String> labels) {
    Node node =
        new NodeBuilder().withNewMetadata().withName(name).withLabels(labels).endMetadata().build();
    client.resource(node).serverSideApply();
  }

  /** An agent that does not say that its node is configured. */
  void unready(String node, String address) {
    status(agent(node), new PodStatusBuilder().withPhase("Running").withPodIP(address).build());
  }

  /** An agent whose node is as the plan of now says. */
  void ready(String node) {
    client.pods().inNamespace(namespace).withName("agent-" + node).withGracePeriod(0).delete();
    status(
        agent(node),
        new PodStatusBuilder()
            .withPhase("Running")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .build());
  }

  /** An agent that waits for a place on its node, as the cluster's controller makes it. */
  void unscheduled(String node, String words) {
    Pod pod =
        client
            .resource(
                pod(node)
                    .editSpec()
                    .withNodeName(null)
                    .withNewAffinity()
                    .withNewNodeAffinity()
                    .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                    .addNewNodeSelectorTerm()
                    .addNewMatchField()
                    .withKey("metadata.name")
                    .withOperator("In")
                    .withValues(node)
                    .endMatchField()
                    .endNodeSelectorTerm()
                    .endRequiredDuringSchedulingIgnoredDuringExecution()
                    .endNodeAffinity()
                    .endAffinity()
                    .withSchedulerName("the-test")
                    .endSpec()
                    .build())
            .create();
    status(
        pod,
        new PodStatusBuilder()
            .withPhase("Pending")
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withMessage(words)
            .endCondition()
            .build());
  }

  void remove(String node) {
    client.pods().inNamespace(namespace).withName("agent-" + node).withGracePeriod(0).delete();
  }

  private Pod agent(String node) {
    return client.resource(pod(node).build()).create();
  }

  private PodBuilder pod(String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("agent-" + node)
        .withNamespace(namespace)
        .withLabels(
            Map.of("app.kubernetes.io/managed-by", "berth", "berth.dev/node-access", "main"))
        .addToAnnotations(
            PLAN, agents().getSpec().getTemplate().getMetadata().getAnnotations().get(PLAN))
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .addNewContainer()
        .withName("agent")
        .withImage("any")
        .endContainer()
        .endSpec();
  }

  /** Jobs that try whether a node can pull. */
  List<Job> trials() {
    return client
        .resources(Job.class)
        .inNamespace(namespace)
        .withLabel("berth.dev/canary", "main")
        .list()
        .getItems();
  }

  /** The pod of a Job, on the node that the Job names. */
  Pod pod(Job job) {
    Pod pod =
        new PodBuilder()
            .withMetadata(job.getSpec().getTemplate().getMetadata())
            .editMetadata()
            .withName(job.getMetadata().getName() + "-x")
            .withNamespace(namespace)
            .endMetadata()
            .withSpec(job.getSpec().getTemplate().getSpec())
            .editSpec()
            .withSchedulerName("the-test") // no node takes it
            .endSpec()
            .build();
    pod.addOwnerReference(job);
    return client.resource(pod).create();
  }

  void waits(Pod pod, String reason, String message) {
    status(
        pod,
        new PodStatusBuilder()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName("canary")
            .withImage("")
            .withImageID("")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewWaiting()
            .withReason(reason)
            .withMessage(message)
            .endWaiting()
            .endState()
            .endContainerStatus()
            .build());
  }

  void ends(Pod pod) {
    status(
        pod,
        new PodStatusBuilder()
            .withPhase("Succeeded")
            .addNewContainerStatus()
            .withName("canary")
            .withImage("any")
            .withImageID("any")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewTerminated()
            .withExitCode(0)
            .endTerminated()
            .endState()
            .endContainerStatus()
            .build());
  }

  private void status(Pod pod, PodStatus status) {
    Pod now = client.resource(pod).get();
    now.setStatus(status);
    now.getMetadata().setResourceVersion(null);
    client.resource(now).updateStatus();
  }

  DaemonSet agents() {
    return client.apps().daemonSets().inNamespace(namespace).withName(AGENTS).get();
  }
}
