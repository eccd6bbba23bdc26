package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.kubernetes.TestedPatch;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back what was written to nodes, when the Registry or the mode goes: the agents are told to
 * remove it, waited for, and ended. A finalizer holds the Registry meanwhile. Nodes that do not
 * answer are not waited for longer than a minute: what stays there points to an address that nobody
 * has any more.
 */
public final class NodeRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRemoval.class);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** By a rule, and not for the moment. */
  private static final Set<Integer> REFUSED =
      Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, 422);

  private static final String SINCE = "berth.dev/removal-since";

  private final Clock clock;

  public NodeRemoval(Clock clock) {
    this.clock = clock;
  }

  /** Whether nodes may have something of this Registry. */
  public static boolean holds(Registry registry) {
    return registry.getMetadata().getFinalizers().contains(NodeAccessModel.FINALIZER);
  }

  /** Before anything is written to a node. */
  public static void hold(Registry registry, Context<Registry> context) {
    TestedPatch.addFinalizer(registry, NodeAccessModel.FINALIZER, context.getClient());
  }

  /** Lets the Registry go. */
  public static void release(Registry registry, Context<Registry> context) {
    TestedPatch.removeFinalizer(registry, NodeAccessModel.FINALIZER, context.getClient());
  }

  /** Goes on with the removal; whether it is over. */
  public boolean proceed(Registry registry, Context<Registry> context) {
    RegistryNames names = RegistryNames.of(registry);
    KubernetesClient client = context.getClient();
    Optional<DaemonSet> agents =
        NodeVisit.agents(names, context)
            .or(() -> Optional.ofNullable(find(client, names, DaemonSet.class)))
            .filter(found -> isOf(names, found))
            .filter(found -> found.getMetadata().getDeletionTimestamp() == null);
    if (agents.isPresent() && mustWait(registry, names, agents.get(), client)) {
      return false;
    }
    delete(names, client);
    return true;
  }

  private boolean mustWait(
      Registry registry, RegistryNames names, DaemonSet agents, KubernetesClient client) {
    Optional<Instant> since = since(agents);
    if (since.isEmpty()) {
      return isBegun(registry, names, agents, client);
    }
    if (isDone(agents)) {
      return false;
    }
    boolean late = clock.instant().isAfter(since.get().plus(LONGEST));
    if (late) {
      LOG.warn(
          "registry {}: {} of {} nodes removed its files in time",
          ObjectKey.of(registry),
          NodesReport.configured(agents),
          agents.getStatus() == null ? 0 : agents.getStatus().getDesiredNumberScheduled());
    }
    return !late;
  }

  /** What somebody forbids for good, such as an admission policy, must not hold the Registry. */
  private boolean isBegun(
      Registry registry, RegistryNames names, DaemonSet agents, KubernetesClient client) {
    ConfigMap plan = find(client, names, ConfigMap.class);
    if (plan != null && !isOf(names, plan)) {
      LOG.warn(
          "registry {}: its files stay on nodes, as ConfigMap {} is not its own",
          ObjectKey.of(registry),
          names.nodeAccess());
      return false;
    }
    try {
      begin(names, agents, client);
      return true;
    } catch (KubernetesClientException e) {
      if (!REFUSED.contains(e.getCode())) {
        throw e;
      }
      LOG.warn(
          "registry {}: its files stay on nodes, as agents may not be told to remove them: {}",
          ObjectKey.of(registry),
          e.getMessage());
      return false;
    }
  }

  private void begin(RegistryNames names, DaemonSet agents, KubernetesClient client) {
    Map<String, String> plan = NodePlan.remove(names);
    apply(
        client,
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(names.nodeAccess())
            .withNamespace(names.namespace())
            .withLabels(Labels.ofRegistry(names.name()))
            .endMetadata()
            .withData(plan)
            .build());
    apply(
        client,
        new DaemonSetBuilder()
            .withNewMetadata()
            .withName(names.nodeAccess())
            .withNamespace(names.namespace())
            .withLabels(Labels.ofRegistry(names.name()))
            .addToAnnotations(SINCE, clock.instant().toString())
            .endMetadata()
            .withSpec(agents.getSpec())
            .editSpec()
            .editTemplate()
            .editMetadata()
            .addToAnnotations(NodeAgentChild.REVISION, NodePlan.revision(plan))
            .endMetadata()
            // Also where a selector of before left files.
            .editSpec()
            .withNodeSelector(NodeAgentChild.EVERY_NODE)
            .endSpec()
            .endTemplate()
            .endSpec()
            .build());
  }

  private static void apply(KubernetesClient client, HasMetadata object) {
    client.resource(object).fieldManager(OwnFields.MANAGER).forceConflicts().serverSideApply();
  }

  private static Optional<Instant> since(DaemonSet agents) {
    Map<String, String> annotations = agents.getMetadata().getAnnotations();
    String since = annotations == null ? null : annotations.get(SINCE);
    try {
      return since == null ? Optional.empty() : Optional.of(Instant.parse(since));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static boolean isDone(DaemonSet agents) {
    return NodesReport.isObserved(agents)
        && NodesReport.configured(agents) >= agents.getStatus().getDesiredNumberScheduled();
  }

  private static <R extends HasMetadata> @Nullable R find(
      KubernetesClient client, RegistryNames names, Class<R> kind) {
    return client.resources(kind).inNamespace(names.namespace()).withName(names.nodeAccess()).get();
  }

  private static void delete(RegistryNames names, KubernetesClient client) {
    List.of(DaemonSet.class, ConfigMap.class, ServiceAccount.class, NetworkPolicy.class)
        .forEach(kind -> delete(client, names, kind));
  }

  /** Only what is the registry's own. */
  private static void delete(
      KubernetesClient client, RegistryNames names, Class<? extends HasMetadata> kind) {
    HasMetadata found = find(client, names, kind);
    if (found != null && isOf(names, found)) {
      client.resource(found).delete();
    }
  }

  private static boolean isOf(RegistryNames names, HasMetadata found) {
    return names.name().equals(Labels.registryOf(found));
  }
}
