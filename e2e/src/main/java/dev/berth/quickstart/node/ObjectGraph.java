package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every kind of object that can own, be owned, or live in a namespace; custom ones as their
 * definitions appear.
 */
final class ObjectGraph {

  private static final List<Class<? extends HasMetadata>> BUILT_IN =
      List.of(
          ConfigMap.class,
          CronJob.class,
          DaemonSet.class,
          Deployment.class,
          EndpointSlice.class,
          Event.class,
          HorizontalPodAutoscaler.class,
          Ingress.class,
          Job.class,
          Lease.class,
          NetworkPolicy.class,
          PersistentVolumeClaim.class,
          Pod.class,
          PodDisruptionBudget.class,
          ReplicaSet.class,
          Role.class,
          RoleBinding.class,
          Secret.class,
          Service.class,
          ServiceAccount.class,
          StatefulSet.class);

  /** A kind by the words that an owner reference uses. */
  record Kind(String apiVersion, String kind) {}

  private final KubernetesClient client;
  private final Map<Kind, Function<KubernetesClient, Reader>> readers = new ConcurrentHashMap<>();

  /** The two ways in which this class reads a kind. */
  private interface Reader {
    List<? extends HasMetadata> list(String namespace);

    Resource<? extends HasMetadata> one(String namespace, String name);
  }

  ObjectGraph(KubernetesClient client) {
    this.client = client;
    for (Class<? extends HasMetadata> type : BUILT_IN) {
      readers.put(
          new Kind(HasMetadata.getApiVersion(type), HasMetadata.getKind(type)),
          c -> reader(c.resources(type)));
    }
  }

  /** The built-in kinds that take part in ownership. */
  static List<Class<? extends HasMetadata>> ownable() {
    return BUILT_IN.stream().filter(type -> type != Event.class && type != Lease.class).toList();
  }

  /** Takes up the kinds of a definition. */
  Map<Kind, ResourceDefinitionContext> add(CustomResourceDefinition definition) {
    return definition.getSpec().getVersions().stream()
        .filter(version -> Boolean.TRUE.equals(version.getServed()))
        .collect(
            Collectors.toMap(
                version -> kind(definition, version),
                version -> {
                  ResourceDefinitionContext context = context(definition, version);
                  readers.putIfAbsent(
                      kind(definition, version),
                      c -> reader(c.genericKubernetesResources(context)));
                  return context;
                }));
  }

  void remove(CustomResourceDefinition definition) {
    definition.getSpec().getVersions().forEach(v -> readers.remove(kind(definition, v)));
  }

  boolean knows(Kind kind) {
    return readers.containsKey(kind);
  }

  /** The object as it is now. */
  Optional<HasMetadata> find(Kind kind, @Nullable String namespace, String name) {
    Function<KubernetesClient, Reader> reader = readers.get(kind);
    if (reader == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        reader.apply(client).one(Objects.requireNonNullElse(namespace, ""), name).get());
  }

  List<HasMetadata> inNamespace(String namespace) {
    List<HasMetadata> result = new ArrayList<>();
    readers.forEach((kind, reader) -> result.addAll(reader.apply(client).list(namespace)));
    return result;
  }

  /** Everything in the owner's namespace that names it as an owner. */
  Stream<HasMetadata> dependentsOf(HasMetadata owner) {
    String namespace = owner.getMetadata().getNamespace();
    return (namespace == null ? Stream.<HasMetadata>empty() : inNamespace(namespace).stream())
        .filter(
            object ->
                object.getMetadata().getOwnerReferences().stream()
                    .anyMatch(o -> Objects.equals(o.getUid(), owner.getMetadata().getUid())));
  }

  void delete(HasMetadata object) {
    client.resource(object).delete();
  }

  private static Kind kind(
      CustomResourceDefinition definition, CustomResourceDefinitionVersion version) {
    return new Kind(
        definition.getSpec().getGroup() + "/" + version.getName(),
        definition.getSpec().getNames().getKind());
  }

  private static ResourceDefinitionContext context(
      CustomResourceDefinition definition, CustomResourceDefinitionVersion version) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(definition.getSpec().getGroup())
        .withVersion(version.getName())
        .withKind(definition.getSpec().getNames().getKind())
        .withPlural(definition.getSpec().getNames().getPlural())
        .withNamespaced("Namespaced".equals(definition.getSpec().getScope()))
        .build();
  }

  private static <T extends HasMetadata, L extends KubernetesResourceList<T>> Reader reader(
      MixedOperation<T, L, Resource<T>> operation) {
    return new Reader() {
      @Override
      public List<? extends HasMetadata> list(String namespace) {
        return operation.inNamespace(namespace).list().getItems();
      }

      @Override
      public Resource<? extends HasMetadata> one(String namespace, String name) {
        return namespace.isEmpty()
            ? operation.withName(name)
            : operation.inNamespace(namespace).withName(name);
      }
    };
  }
}
