package dev.berth.operator.kubernetes;

import dev.berth.api.v1alpha1.RegistryRef;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What makes an object that refers to a Registry be visited again: the Registry comes or goes, or a
 * new verdict on the object.
 *
 * @param <P> the kind that refers
 */
public final class RegistryWatch<P extends HasMetadata> {
  private final SimpleInboundEventSource<P> verdicts = new SimpleInboundEventSource<>("verdicts");
  private final InformerEventSource<Registry, P> registries;

  public RegistryWatch(EventSourceContext<P> context, Class<P> type, Function<P, RegistryRef> ref) {
    this.registries =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Registry.class, type)
                .withSecondaryToPrimaryMapper(registry -> referring(context, registry, ref))
                .<P>withPrimaryToSecondaryMapper(
                    object -> Set.of(RegistryReferences.target(object, ref.apply(object))))
                // Only that there is one matters here: its status must not visit everything that
                // refers to it.
                .withOnUpdateFilter((now, before) -> false)
                .build(),
            context);
  }

  public List<EventSource<?, P>> sources() {
    return List.of(registries, verdicts);
  }

  /** Whether the Registry that the object refers to exists. */
  public boolean hasRegistry(ResourceID registry) {
    return registries.get(registry).isPresent();
  }

  /** The Registry that the object refers to. */
  public Optional<Registry> registry(ResourceID registry) {
    return registries.get(registry);
  }

  /** Visits the objects again, for they have something new to report. */
  public void visit(Set<ObjectKey> objects) {
    Visits.ofReports(
        () ->
            objects.forEach(
                object ->
                    verdicts.propagateEvent(new ResourceID(object.name(), object.namespace()))));
  }

  private static <P extends HasMetadata> Set<ResourceID> referring(
      EventSourceContext<P> context, Registry registry, Function<P, RegistryRef> ref) {
    ResourceID id = ResourceID.fromResource(registry);
    return context
        .getPrimaryCache()
        .list(object -> RegistryReferences.target(object, ref.apply(object)).equals(id))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }
}
