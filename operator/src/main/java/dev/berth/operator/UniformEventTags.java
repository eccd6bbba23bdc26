package dev.berth.operator;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;

/**
 * Gives the framework's counter of events the same tags for every kind of event: it leaves out the
 * action of those that no resource caused, and Prometheus refuses a meter whose tags differ.
 */
@Singleton
final class UniformEventTags implements MeterFilter {
  private static final String EVENTS = "events.received";
  private static final String ACTION = "action";

  @Override
  public Meter.Id map(Meter.Id id) {
    return id.getName().equals(EVENTS) && id.getTag(ACTION) == null
        ? id.withTag(Tag.of(ACTION, "none"))
        : id;
  }
}
