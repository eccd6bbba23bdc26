package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.serviceaccount.ClusterIssuer;
import dev.berth.operator.serviceaccount.ClusterIssuerPoll;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Has every Registry visited when the cluster signs its tokens with other keys. */
final class ClusterIssuerEventSource extends AbstractEventSource<ClusterIssuer, Registry> {

  /** The first visits had better know the keys; without them they keep those in force. */
  private static final int FIRST_ANSWER_SECONDS = 5;

  private final EventSourceContext<Registry> context;
  private final ClusterIssuerPoll poll;

  ClusterIssuerEventSource(EventSourceContext<Registry> context, ClusterIssuerPoll poll) {
    super(ClusterIssuer.class, "cluster-issuer");
    this.context = context;
    this.poll = poll;
  }

  @Override
  public void start() {
    super.start();
    poll.onChange(this::visitAll);
    poll.start();
    poll.asked().completeOnTimeout(null, FIRST_ANSWER_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void stop() {
    poll.stop();
    super.stop();
  }

  @Override
  public Set<ClusterIssuer> getSecondaryResources(Registry primary) {
    return Set.of();
  }

  private void visitAll() {
    if (isRunning()) {
      context
          .getPrimaryCache()
          .list(registry -> true)
          .map(ResourceID::fromResource)
          .forEach(id -> getEventHandler().handleEvent(new Event(id)));
    }
  }
}
