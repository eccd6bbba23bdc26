package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.RegistryRef;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.RegistryReferences;
import dev.berth.operator.policy.KeptCopy;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.pullsecrets.PullSecretCopy;
import dev.berth.operator.registry.dependent.RegistryChild;
import dev.berth.operator.serviceaccount.ClusterIssuerPoll;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that makes a Registry be visited again. Children are watched by label, one watch a
 * kind, so that what is not the operator's never enters its memory.
 */
final class RegistryEventSources {
  private static final String COPIES = "copies";

  private final EventSourceContext<Registry> context;
  private final InformerEventSource<Namespace, Registry> namespaces;
  private final ServiceAccountSources serviceAccounts;
  private final RunningImageSources runningImages;
  private final InformerEventSource<Secret, Registry> secrets;
  private final NamesakeEventSource namesakes;
  private final SimpleInboundEventSource<Registry> news = new SimpleInboundEventSource<>("news");
  private final List<EventSource<?, Registry>> all = new ArrayList<>();

  RegistryEventSources(
      EventSourceContext<Registry> context,
      List<? extends RegistryChild<?>> children,
      ClusterIssuerPoll clusterIssuer,
      Clock clock) {
    this.context = context;
    Map<Class<?>, InformerEventSource<?, Registry>> byKind = new HashMap<>();
    children.forEach(child -> watch(child, byKind));
    all.addAll(byKind.values());
    this.secrets = indexed(byKind);
    all.add(managed(Pod.class));
    all.add(managed(Job.class));
    all.add(
        referring(
            Repository.class,
            repository -> repository.getSpec().registryRef(),
            // What it holds is news to nobody but itself.
            (now, before) -> !saysTheSame(now, before)));
    InformerEventSource<AccessPolicy, Registry> policies =
        referring(
            AccessPolicy.class, policy -> policy.getSpec().registryRef(), (now, before) -> true);
    all.add(policies);
    this.namespaces =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Namespace.class, Registry.class)
                .withSecondaryToPrimaryMapper(namespace -> choosingNamespaces(policies))
                .withWatchAllNamespaces()
                .withOnUpdateFilter(
                    (now, before) ->
                        !labels(now).equals(labels(before)) || isEnding(now) != isEnding(before))
                .build(),
            context);
    all.add(namespaces);
    this.serviceAccounts = new ServiceAccountSources(context, clusterIssuer);
    all.addAll(serviceAccounts.sources());
    this.runningImages = new RunningImageSources(context, clock);
    all.addAll(runningImages.sources());
    this.namesakes = new NamesakeEventSource(context);
    all.add(namesakes);
    all.add(news);
  }

  List<EventSource<?, Registry>> all() {
    return all;
  }

  /** Has a Registry visited of which something is known that no object of the cluster tells. */
  void visit(ObjectKey registry) {
    news.propagateEvent(new ResourceID(registry.name(), registry.namespace()));
  }

  ServiceAccountSources serviceAccounts() {
    return serviceAccounts;
  }

  RunningImageSources runningImages() {
    return runningImages;
  }

  /** To be called when a Registry is gone. */
  void lookForNamesake(Registry gone) {
    namesakes.lookFor(gone);
  }

  /** The labels of a namespace as the cache has it; empty for one that is not known. */
  Optional<Map<String, String>> labelsOfNamespace(String name) {
    return namespaces.get(new ResourceID(name)).map(RegistryEventSources::labels);
  }

  /** Whether the namespace is being deleted, with everything in it. */
  boolean isNamespaceEnding(String name) {
    return namespaces.get(new ResourceID(name)).filter(RegistryEventSources::isEnding).isPresent();
  }

  /** Labels by name of the namespaces that last, and that the operator may work in. */
  Map<String, Map<String, String>> lastingNamespaces() {
    Set<String> reach = context.getControllerConfiguration().getEffectiveNamespaces();
    boolean all = context.getControllerConfiguration().getInformerConfig().watchAllNamespaces();
    return namespaces
        .list(namespace -> !isEnding(namespace))
        .filter(namespace -> all || reach.contains(namespace.getMetadata().getName()))
        .collect(
            Collectors.toMap(
                namespace -> namespace.getMetadata().getName(), RegistryEventSources::labels));
  }

  /** The copies of pull secrets that were made for the AccessPolicy with a uid. */
  List<KeptCopy> copies(String uid) {
    return secrets.byIndex(COPIES, uid).stream()
        .filter(copy -> copy.getMetadata().getDeletionTimestamp() == null)
        .map(PullSecretCopy::read)
        .toList();
  }

  /**
   * Visits every Registry that refers to namespaces by label, or whose AccessPolicies keep pull
   * secrets in namespaces, since any may be concerned.
   */
  private Set<ResourceID> choosingNamespaces(InformerEventSource<AccessPolicy, Registry> policies) {
    if (context.getPrimaryCache() == null) {
      return Set.of();
    }
    Stream<ResourceID> tenants =
        context
            .getPrimaryCache()
            .list(
                registry ->
                    registry.getSpec().tenancy().stream()
                        .anyMatch(
                            rule ->
                                rule.namespaces() != null && rule.namespaces().selector() != null))
            .map(ResourceID::fromResource);
    Stream<ResourceID> keepers =
        policies
            .list(policy -> policy.getSpec().pullSecrets() != null)
            .map(policy -> RegistryReferences.target(policy, policy.getSpec().registryRef()));
    return Stream.concat(tenants, keepers).collect(Collectors.toSet());
  }

  @SuppressWarnings("unchecked")
  private static InformerEventSource<Secret, Registry> indexed(
      Map<Class<?>, InformerEventSource<?, Registry>> byKind) {
    InformerEventSource<Secret, Registry> secrets =
        (InformerEventSource<Secret, Registry>)
            Objects.requireNonNull(byKind.get(Secret.class), "the keys are a Secret");
    secrets.addIndexers(Map.of(COPIES, PullSecretCopy::uidOf));
    return secrets;
  }

  private static boolean isEnding(Namespace namespace) {
    return namespace.getMetadata().getDeletionTimestamp() != null;
  }

  private <R extends HasMetadata> void watch(
      RegistryChild<R> child, Map<Class<?>, InformerEventSource<?, Registry>> byKind) {
    @SuppressWarnings("unchecked")
    InformerEventSource<R, Registry> source =
        (InformerEventSource<R, Registry>)
            byKind.computeIfAbsent(child.resourceType(), type -> managed(child.resourceType()));
    child.setEventSource(source);
  }

  private <R extends HasMetadata> InformerEventSource<R, Registry> managed(Class<R> type) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, Registry.class)
            .withName(type.getSimpleName())
            .withLabelSelector(Labels.MANAGED_SELECTOR)
            .withSecondaryToPrimaryMapper(registryOf())
            .build(),
        context);
  }

  private static <R extends HasMetadata> SecondaryToPrimaryMapper<R> registryOf() {
    return child -> {
      String registry = Labels.registryOf(child);
      return registry == null
          ? Set.of()
          : Set.of(new ResourceID(registry, child.getMetadata().getNamespace()));
    };
  }

  private <R extends HasMetadata> InformerEventSource<R, Registry> referring(
      Class<R> type, Function<R, RegistryRef> ref, OnUpdateFilter<R> filter) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, Registry.class)
            .withName(type.getSimpleName())
            .withSecondaryToPrimaryMapper(
                object -> Set.of(RegistryReferences.target(object, ref.apply(object))))
            .withOnUpdateFilter(filter)
            .build(),
        context);
  }

  private static boolean saysTheSame(HasMetadata now, HasMetadata before) {
    ObjectMeta one = now.getMetadata();
    ObjectMeta other = before.getMetadata();
    return Objects.equals(one.getUid(), other.getUid())
        && Objects.equals(one.getGeneration(), other.getGeneration())
        && Objects.equals(one.getAnnotations(), other.getAnnotations())
        && Objects.equals(one.getDeletionTimestamp(), other.getDeletionTimestamp());
  }

  private static Map<String, String> labels(Namespace namespace) {
    Map<String, String> labels = namespace.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }
}
