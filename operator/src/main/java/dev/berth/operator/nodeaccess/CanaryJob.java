package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.NodeReachability;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.Restricted;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.policy.Canary;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A trial pull: a Pod on one node that runs an image of the registry which ends at once. Nothing
 * but its start is of interest.
 */
final class CanaryJob {
  private static final String POOL = "berth.dev/pool";
  private static final String NODE = "berth.dev/node";

  /** By the operator's clock: the API server's may be another one. */
  private static final String BEGUN = "berth.dev/begun";

  /** Where nobody reads its result: the operator is down. */
  private static final Duration LONGEST = CanaryOutcome.LONGEST.plusMinutes(1);

  private static final Duration KEPT = Duration.ofMinutes(10);

  /** As distroless images have it; any but root's. */
  private static final long USER = 65532;

  private CanaryJob() {}

  /**
   * What a Job tries.
   *
   * @param plan what nodes had been told
   * @param begun in whole seconds
   */
  record Trial(String pool, String node, String plan, Instant begun) {

    NodeReachability result(CanaryOutcome outcome) {
      return new NodeReachability(
          pool, node, begun.toString(), outcome.pulled(), outcome.message(), plan);
    }
  }

  /** The host that the image is named by. */
  static String host(NodeAccessModel nodes) {
    return nodes.hosts().getFirst();
  }

  static Job render(Registry registry, RegistryModel model, Trial trial, String digest) {
    NodeAccessModel nodes = NodeChild.nodes(model);
    Job job =
        new JobBuilder()
            .withNewMetadata()
            .withGenerateName(model.names().canary() + "-")
            .withNamespace(model.names().namespace())
            .withLabels(Labels.ofCanary(model.names().name()))
            .withAnnotations(
                Map.of(
                    POOL,
                    trial.pool(),
                    NODE,
                    trial.node(),
                    NodeAgentChild.REVISION,
                    trial.plan(),
                    BEGUN,
                    trial.begun().toString()))
            .endMetadata()
            .withNewSpec()
            .withBackoffLimit(0)
            .withActiveDeadlineSeconds(LONGEST.toSeconds())
            .withTtlSecondsAfterFinished(Math.toIntExact(KEPT.toSeconds()))
            .withTemplate(template(model, nodes, trial.node(), digest))
            .endSpec()
            .build();
    job.addOwnerReference(registry);
    return job;
  }

  /** What a Job is for; empty: it is none of the operator's. */
  static Optional<Trial> trial(Job job) {
    Map<String, String> annotations = job.getMetadata().getAnnotations();
    if (annotations == null
        || !annotations.keySet().containsAll(List.of(POOL, NODE, NodeAgentChild.REVISION, BEGUN))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Trial(
              Objects.requireNonNull(annotations.get(POOL)),
              Objects.requireNonNull(annotations.get(NODE)),
              Objects.requireNonNull(annotations.get(NodeAgentChild.REVISION)),
              Instant.parse(annotations.get(BEGUN))));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static PodTemplateSpec template(
      RegistryModel model, NodeAccessModel nodes, String node, String digest) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(Labels.ofCanary(model.names().name()))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(1L)
        .addNewImagePullSecret(model.names().canary())
        // As a DaemonSet's pods: the scheduler sees to it that the node takes it at all.
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
        .withTolerations(NodeAgentChild.tolerations(nodes))
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(
            List.of(container("%s/%s@%s".formatted(host(nodes), Canary.REPOSITORY, digest))))
        .endSpec()
        .build();
  }

  private static Container container(String image) {
    return new ContainerBuilder()
        .withName("canary")
        .withImage(image)
        // An image that the node has already is asked for all the same.
        .withImagePullPolicy("Always")
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity("1m"), "memory", new Quantity("8Mi")))
        .withLimits(Map.of("memory", new Quantity("32Mi")))
        .endResources()
        .withSecurityContext(Restricted.container().build())
        .build();
  }
}
