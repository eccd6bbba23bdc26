package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.ShortHash;
import dev.berth.operator.registry.model.PodModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageModel;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The server's pods. One claim serves one pod, whatever its access mode: the database on it must
 * never be open twice, so a new pod starts after the old one has ended. Secrets reload in place;
 * only another configuration file restarts the pod.
 */
public final class WorkloadChild extends RegistryChild<Deployment> {
  public static final String HTTP_PORT = "http";
  public static final String MANAGEMENT_PORT = "management";

  private static final String CONFIGURATION_HASH = "berth.dev/configuration-hash";

  /**
   * In seconds: the server waits 20 of them for requests in flight. No longer, because nothing
   * serves before the old pod has ended, and clients take up again what was cut.
   */
  private static final long GRACE_PERIOD = 30;

  public WorkloadChild() {
    super(Deployment.class, "workload");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.workload();
  }

  @Override
  public Deployment desired(RegistryModel model) {
    return new DeploymentBuilder()
        .withMetadata(metadata(model))
        .withNewSpec()
        .withReplicas(model.replicas())
        .withNewSelector()
        .withMatchLabels(Labels.selectorOf(model.names().name()))
        .endSelector()
        .withNewStrategy()
        .withType("Recreate")
        .endStrategy()
        .withTemplate(template(model))
        .endSpec()
        .build();
  }

  /**
   * Replacing a pod would take away what keeps a claim that is being deleted; one that starts
   * before the Service's address is known would be replaced at once.
   */
  @Override
  public ReconcileResult<Deployment> reconcile(Registry registry, Context<Registry> context) {
    boolean early =
        model(context).awaitsAddress() && getSecondaryResource(registry, context).isEmpty();
    return early || model(context).storage().hold() == StorageModel.Hold.UNTOUCHED
        ? ReconcileResult.noOperation(getSecondaryResource(registry, context).orElse(null))
        : super.reconcile(registry, context);
  }

  private static PodTemplateSpec template(RegistryModel model) {
    PodModel wanted = model.pod();
    Map<String, String> labels = new HashMap<>(wanted.labels());
    labels.putAll(Labels.ofRegistry(model.names().name()));
    Map<String, String> annotations = new HashMap<>(wanted.annotations());
    annotations.put(CONFIGURATION_HASH, ShortHash.of(model.configuration()));
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(model.names().workload())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(GRACE_PERIOD)
        .withNodeSelector(wanted.nodeSelector())
        .withTolerations(wanted.tolerations())
        .withAffinity(wanted.affinity())
        .withTopologySpreadConstraints(wanted.topologySpreadConstraints())
        .withPriorityClassName(wanted.priorityClassName())
        .withImagePullSecrets(
            wanted.imagePullSecrets().stream().map(LocalObjectReference::new).toList())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(ServerContainer.USER)
        .withRunAsGroup(ServerContainer.USER)
        .withFsGroup(ServerContainer.USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(List.of(ServerContainer.container(model)))
        .withVolumes(ServerContainer.volumes(model))
        .endSpec()
        .build();
  }
}
