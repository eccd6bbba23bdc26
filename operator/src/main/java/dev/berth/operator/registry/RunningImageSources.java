package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.GarbageCollectionSpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.podimages.PodImages;
import dev.berth.operator.podimages.RunningPods;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.policy.PolicyDocument;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which images Pods run, in every namespace that the operator watches. A Pod that is new concerns
 * only the Registries whose documents lack what it runs; one that goes concerns nobody. While the
 * API server does not answer, what was seen last counts.
 */
final class RunningImageSources {
  private static final String HOST = "host";

  private final InformerEventSource<PodImages, Registry> pods;
  private final RunningPods running;

  RunningImageSources(EventSourceContext<Registry> context, Clock clock) {
    this.pods =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(PodImages.class, Registry.class)
                .withName("pod-images")
                .withSecondaryToPrimaryMapper(this::concerned)
                // Nobody asks for those of a Registry, and the framework need not note them.
                .withPrimaryToSecondaryMapper(registry -> Set.of())
                .withOnUpdateFilter((now, before) -> !now.images().equals(before.images()))
                .withOnDeleteFilter((gone, unknown) -> false)
                .build(),
            context);
    pods.addIndexers(
        Map.of(
            HOST,
            pod ->
                pod.images().stream()
                    .flatMap(image -> image.hosts().stream())
                    .distinct()
                    .toList()));
    this.running =
        new RunningPods(
            new RunningPods.Cache(
                host -> pods.byIndex(HOST, host).stream(),
                () -> pods.list(any -> true),
                () ->
                    context
                        .getPrimaryCache()
                        .list(any -> true)
                        .collect(
                            Collectors.toMap(
                                ObjectKey::of, registry -> RunningImages.of(registry).hosts()))),
            clock);
  }

  List<EventSource<?, Registry>> sources() {
    return List.of(pods);
  }

  /** The digests that the Registry's document names; none where its spec does not want them. */
  SortedSet<String> of(Registry registry, @Nullable PolicyDocument inForce) {
    GarbageCollectionSpec spec = registry.getSpec().garbageCollection();
    if (spec != null && !spec.protectRunningImages()) {
      forget(ObjectKey.of(registry));
      return Collections.emptySortedSet();
    }
    return running.of(
        ObjectKey.of(registry),
        RunningImages.of(registry).hosts(),
        inForce == null ? Set.of() : inForce.content().spaceRules().running());
  }

  void forget(ObjectKey registry) {
    running.forget(registry);
  }

  private Set<ResourceID> concerned(PodImages pod) {
    return running.lacking(pod).stream()
        .map(registry -> new ResourceID(registry.name(), registry.namespace()))
        .collect(Collectors.toSet());
  }
}
