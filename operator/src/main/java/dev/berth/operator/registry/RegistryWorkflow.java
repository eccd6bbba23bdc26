package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.nodeaccess.CanarySecretChild;
import dev.berth.operator.nodeaccess.NodeAccountChild;
import dev.berth.operator.nodeaccess.NodeAgentChild;
import dev.berth.operator.nodeaccess.NodeNetworkPolicyChild;
import dev.berth.operator.nodeaccess.NodePlanChild;
import dev.berth.operator.nodeaccess.NodeSnippetsChild;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.dependent.AuthorityChild;
import dev.berth.operator.registry.dependent.CertificateChild;
import dev.berth.operator.registry.dependent.ClaimChild;
import dev.berth.operator.registry.dependent.ConfigurationChild;
import dev.berth.operator.registry.dependent.ExpansionRefusedException;
import dev.berth.operator.registry.dependent.ForeignObjectException;
import dev.berth.operator.registry.dependent.KeysChild;
import dev.berth.operator.registry.dependent.ManagementServiceChild;
import dev.berth.operator.registry.dependent.NetworkPolicyChild;
import dev.berth.operator.registry.dependent.PolicyChild;
import dev.berth.operator.registry.dependent.RegistryChild;
import dev.berth.operator.registry.dependent.ServiceAccountChild;
import dev.berth.operator.registry.dependent.ServiceChild;
import dev.berth.operator.registry.dependent.WantedCondition;
import dev.berth.operator.registry.dependent.WorkloadChild;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Workflow;
import io.javaoperatorsdk.operator.processing.dependent.workflow.WorkflowBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children of a Registry, in the order in which they are made: what a pod mounts comes before
 * the pod.
 */
final class RegistryWorkflow {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryWorkflow.class);

  /** First and for itself: a full disk must grow whatever else fails. */
  private final ClaimChild claim = new ClaimChild();

  private final KeysChild keys = new KeysChild();
  private final List<RegistryChild<?>> needed =
      List.of(new ServiceAccountChild(), new ConfigurationChild(), keys, new PolicyChild());

  /** Made of the keys: what was derived from a key that is then not kept would change each time. */
  private final List<RegistryChild<?>> derived =
      List.of(new AuthorityChild(), new CertificateChild(), new CanarySecretChild());

  private final NodePlanChild nodePlan = new NodePlanChild();

  private final List<RegistryChild<?>> others =
      List.of(
          new ServiceChild(),
          new ManagementServiceChild(),
          new NetworkPolicyChild(),
          new NodeAccountChild(),
          nodePlan,
          new NodeNetworkPolicyChild(),
          new NodeSnippetsChild());
  private final NodeAgentChild nodeAgent = new NodeAgentChild();
  private final WorkloadChild workload = new WorkloadChild();
  private final Workflow<Registry> workflow;

  RegistryWorkflow() {
    WorkflowBuilder<Registry> builder =
        new WorkflowBuilder<Registry>().withThrowExceptionFurther(false);
    WantedCondition wanted = new WantedCondition();
    needed.forEach(builder::addDependentResource);
    derived.forEach(
        child ->
            builder
                .addDependentResourceAndConfigure(child)
                .dependsOn(keys)
                .withReconcilePrecondition(wanted));
    others.forEach(
        child -> builder.addDependentResourceAndConfigure(child).withReconcilePrecondition(wanted));
    // Agents do what the plan says: where that is somebody else's, there are none.
    builder
        .addDependentResourceAndConfigure(nodeAgent)
        .dependsOn(nodePlan)
        .withReconcilePrecondition(wanted);
    builder
        .addDependentResourceAndConfigure(workload)
        .dependsOn(needed.toArray(RegistryChild[]::new));
    this.workflow = builder.build();
  }

  List<RegistryChild<?>> children() {
    return Stream.of(
            Stream.of(claim),
            needed.stream(),
            derived.stream(),
            others.stream(),
            Stream.of(nodeAgent, workload))
        .<RegistryChild<?>>flatMap(stream -> stream)
        .toList();
  }

  /** Brings every child to what the model says, and tells which could not be. */
  @SuppressWarnings("rawtypes") // the framework's map of failures is keyed by the raw type
  List<Finding> reconcile(Registry registry, Context<Registry> context) {
    return Stream.concat(
            claim(registry, context).stream(),
            workflow.reconcile(registry, context).getErroredDependents().entrySet().stream()
                .map(entry -> finding(registry, entry.getKey().name(), entry.getValue())))
        .toList();
  }

  private Optional<Finding> claim(Registry registry, Context<Registry> context) {
    try {
      claim.reconcile(registry, context);
      return Optional.empty();
    } catch (ExpansionRefusedException | ForeignObjectException | KubernetesClientException e) {
      return Optional.of(finding(registry, claim.name(), e));
    }
  }

  /** What a child that could not be applied means for the Registry. */
  static Finding finding(Registry registry, String child, Exception failure) {
    if (failure instanceof ForeignObjectException foreign) {
      return new Finding(
          ConditionType.READY, Reason.CONFLICT, Effect.NOT_READY, foreign.getMessage());
    }
    if (failure instanceof ExpansionRefusedException refused) {
      return new Finding(
          ConditionType.STORAGE_READY,
          Reason.EXPANSION_REFUSED,
          Effect.NOTED,
          refused.getMessage());
    }
    String message = message(child, failure);
    String key = registry.getMetadata().getNamespace() + "/" + registry.getMetadata().getName();
    if (failure instanceof KubernetesClientException refused && isNamespaceEnding(refused)) {
      // Its deletion began during the visit: nobody has anything to do.
      LOG.debug("registry {}: {}", key, message);
    } else if (failure instanceof KubernetesClientException) {
      // Tried again every few seconds: where it was thrown says nothing that the answer does not.
      LOG.warn("registry {}: {}", key, message);
    } else {
      LOG.warn("registry {}: {}", key, message, failure);
    }
    return new Finding(ConditionType.READY, Reason.APPLY_FAILED, Effect.NOT_READY, message);
  }

  private static boolean isNamespaceEnding(KubernetesClientException refused) {
    return refused.getStatus() != null
        && refused.getStatus().getDetails() != null
        && refused.getStatus().getDetails().getCauses() != null
        && refused.getStatus().getDetails().getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  /** The API server's own words where it gave any; they name the field that it refused. */
  private static String message(String child, Exception failure) {
    return failure instanceof KubernetesClientException refused
            && refused.getStatus() != null
            && refused.getStatus().getMessage() != null
        ? "The API server refused the %s: %s%s"
            .formatted(child, refused.getStatus().getMessage(), choice(refused))
        : "The %s could not be applied".formatted(child);
  }

  /** What the API server leaves to the reader, who may not know which field it is of. */
  private static String choice(KubernetesClientException refused) {
    return refused.getStatus().getMessage().contains("provided port is already allocated")
        ? ". Choose another spec.exposure.service.nodePort, or none to be given a free one"
        : "";
  }
}
