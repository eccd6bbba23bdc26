package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.GarbageCollectionSpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.podimages.PodImages;
import dev.berth.operator.podimages.RunningPods;
import dev.berth.operator.policy.CompiledPolicy;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.policy.PolicyDocument;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which images Pods run, in every namespace that the operator watches. A Pod that is new concerns
 * only the Registries whose documents lack what it runs; one that goes concerns nobody. While the
 * API server does not answer, what was seen last counts.
 */
final class RunningImageSources {
  private static final String HOST = "host";

  /**
   * How long a server believes what it was told of Pods. It is confirmed with nearly every visit;
   * what is down longer than this may have missed a Pod, and images stay until it is back.
   */
  private static final Duration HOLDS = Duration.ofMinutes(5);

  private final InformerEventSource<PodImages, Registry> pods;
  private final RunningPods running;
  private final PodsPoll poll;

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
    this.poll = new PodsPoll(() -> askForOne(context), Thread::startVirtualThread, clock);
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

  /** Puts into the Registry's policy what Pods run, where its spec wants it. */
  CompiledPolicy add(CompiledPolicy compiled, Registry registry, @Nullable PolicyDocument inForce) {
    GarbageCollectionSpec spec = registry.getSpec().garbageCollection();
    if (spec != null && !spec.protectRunningImages()) {
      forget(ObjectKey.of(registry));
      return compiled;
    }
    return compiled.running(
        running.of(
            ObjectKey.of(registry),
            RunningImages.of(registry).hosts(),
            inForce == null ? Set.of() : inForce.content().spaceRules().running()),
        HOLDS);
  }

  /** Whether a Pod that comes now is seen: while the API server does not tell, none is. */
  boolean areSeen() {
    return poll.isAnswered();
  }

  private static void askForOne(EventSourceContext<Registry> context) {
    ControllerConfiguration<Registry> reach = context.getControllerConfiguration();
    var pods = context.getClient().pods();
    ListOptions one = new ListOptionsBuilder().withLimit(1L).build();
    if (reach.getInformerConfig().watchAllNamespaces()) {
      pods.inAnyNamespace().list(one);
    } else {
      pods.inNamespace(reach.getEffectiveNamespaces().iterator().next()).list(one);
    }
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
