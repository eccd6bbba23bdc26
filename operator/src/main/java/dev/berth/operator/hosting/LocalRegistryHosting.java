package dev.berth.operator.hosting;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.kubernetes.Refusal;
import dev.berth.operator.kubernetes.TestedPatch;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ConfigMap of a Registry that asks for it by an annotation. It lies in another namespace
 * and so has no owner: a finalizer holds the Registry until it is gone. Nobody else's is touched.
 */
public final class LocalRegistryHosting {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRegistryHosting.class);

  static final String ANNOTATION = "berth.dev/local-registry-hosting";
  private static final String FINALIZER = ANNOTATION;

  private final boolean allowed;

  /**
   * @param allowed whether Registries may: what it says, tools of the whole cluster push to
   */
  public LocalRegistryHosting(boolean allowed) {
    this.allowed = allowed;
  }

  /** Whether the Registry asks for it. */
  public static boolean isWanted(Registry registry) {
    Map<String, String> annotations = registry.getMetadata().getAnnotations();
    return annotations != null
        && "true".equals(annotations.get(ANNOTATION))
        && registry.getMetadata().getDeletionTimestamp() == null;
  }

  /** Brings it to what the Registry is; what keeps it from that. */
  public Optional<Finding> visit(
      Registry registry, RegistryModel model, Context<Registry> context) {
    if (!isWanted(registry)) {
      remove(registry, context);
      return Optional.empty();
    }
    if (!allowed) {
      remove(registry, context);
      return finding(
          Reason.HOSTING_NOT_ALLOWED, "No Registry may write ConfigMap local-registry-hosting");
    }
    if (!holds(registry)) {
      TestedPatch.addFinalizer(registry, FINALIZER, context.getClient());
      return finding(Reason.PENDING, "ConfigMap local-registry-hosting is about to be written");
    }
    try {
      String other = write(model, context.getClient());
      return other == null
          ? Optional.empty()
          : finding(
              Reason.CONFLICT,
              "ConfigMap local-registry-hosting in kube-public is %s".formatted(other));
    } catch (KubernetesClientException e) {
      return finding(
          Reason.APPLY_FAILED,
          "ConfigMap local-registry-hosting cannot be written: " + Refusal.words(e));
    }
  }

  /** Takes away what was written, and lets the Registry go as far as this holds it. */
  public void remove(Registry registry, Context<Registry> context) {
    if (!holds(registry)) {
      return;
    }
    try {
      delete(RegistryNames.of(registry), context.getClient());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      // Somebody took the right away since: that must not hold the Registry.
      LOG.warn(
          "registry {}: ConfigMap local-registry-hosting stays in kube-public: {}",
          ObjectKey.of(registry),
          Refusal.words(e));
    }
    TestedPatch.removeFinalizer(registry, FINALIZER, context.getClient());
  }

  private static void delete(RegistryNames names, KubernetesClient client) {
    ConfigMap found = configMap(client).get();
    if (found != null && HostingConfigMap.owner(names).equals(HostingConfigMap.owner(found))) {
      client.resource(found).lockResourceVersion().delete();
    }
  }

  private static boolean holds(Registry registry) {
    return registry.getMetadata().getFinalizers().contains(FINALIZER);
  }

  /** Whose it is that is in the way; null: nobody's. */
  private static @Nullable String write(RegistryModel model, KubernetesClient client) {
    ConfigMap wanted = HostingConfigMap.render(model);
    ConfigMap found = configMap(client).get();
    if (found == null) {
      return create(wanted, client);
    }
    String owner = HostingConfigMap.owner(found);
    if (!HostingConfigMap.owner(model.names()).equals(owner)) {
      return owner == null ? "not one of Berth's" : "of Registry " + owner;
    }
    if (!Objects.equals(found.getData(), wanted.getData())) {
      client.resource(wanted).fieldManager(OwnFields.MANAGER).forceConflicts().serverSideApply();
    }
    return null;
  }

  private static @Nullable String create(ConfigMap wanted, KubernetesClient client) {
    try {
      client.resource(wanted).create();
      return null;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return "made by somebody else at this moment";
    }
  }

  private static Resource<ConfigMap> configMap(KubernetesClient client) {
    return client
        .configMaps()
        .inNamespace(HostingConfigMap.NAMESPACE)
        .withName(HostingConfigMap.NAME);
  }

  private static Optional<Finding> finding(Reason reason, String message) {
    return Optional.of(new Finding(ConditionType.ADVERTISED, reason, Effect.NOTED, message));
  }
}
