package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Registry;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Has a Registry visited that was made anew while the end of the one before of its name was still
 * handled: the framework forgets both when that visit ends, and would never visit the new one.
 */
final class NamesakeEventSource extends AbstractEventSource<Registry, Registry> {

  /** By then the visit has ended that asks for the look. */
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final EventSourceContext<Registry> context;

  NamesakeEventSource(EventSourceContext<Registry> context) {
    super(Registry.class, "namesake");
    this.context = context;
  }

  void lookFor(Registry gone) {
    ResourceID id = ResourceID.fromResource(gone);
    LATER.execute(
        () ->
            context
                .getPrimaryCache()
                .get(id)
                .filter(namesake -> isRunning())
                .ifPresent(
                    namesake ->
                        getEventHandler()
                            .handleEvent(new ResourceEvent(ResourceAction.ADDED, id, namesake))));
  }

  @Override
  public Set<Registry> getSecondaryResources(Registry primary) {
    return Set.of();
  }
}
