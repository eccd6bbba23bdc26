package dev.berth.operator.server;

import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a replica of each registry now and then what it stores; all replicas share one database. */
public final class UsageObserver {
  private static final Logger LOG = LoggerFactory.getLogger(UsageObserver.class);

  /** How long an answer is good for. */
  public static final Duration INTERVAL = Duration.ofSeconds(30);

  private record Observation(ServerUsage usage, Instant at) {}

  private final ManagementClient client;
  private final Clock clock;
  private final Map<ObjectKey, Observation> observations = new ConcurrentHashMap<>();

  public UsageObserver(ManagementClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The newest answer; empty until there was one. */
  public Optional<ServerUsage> observe(ObjectKey registry, ManagementAccess access, List<Pod> ready)
      throws InterruptedException {
    Observation last = observations.get(registry);
    boolean due = last == null || !clock.instant().isBefore(last.at().plus(INTERVAL));
    if (due && !ready.isEmpty()) {
      Pod pod = ready.getFirst();
      try {
        ServerUsage usage = client.usage(pod.getStatus().getPodIP(), ManagementAccess.PORT, access);
        last = new Observation(usage, clock.instant());
        observations.put(registry, last);
      } catch (IOException e) {
        LOG.debug("pod {} did not tell its usage: {}", pod.getMetadata().getName(), e.toString());
      }
    }
    return Optional.ofNullable(last).map(Observation::usage);
  }

  public void forget(ObjectKey registry) {
    observations.remove(registry);
  }
}
