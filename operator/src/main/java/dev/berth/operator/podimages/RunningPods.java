package dev.berth.operator.podimages;

import dev.berth.operator.policy.Lately;
import dev.berth.operator.policy.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each Registry's Pods run. A digest whose Pod names a host of the Registry is known at once.
 * Any other may be the Registry's too, by a mirror or a name that nobody declared: of all of them a
 * look is taken now and then, and those that are another Registry's for sure do not count.
 */
public final class RunningPods {

  /** Most that a document names: some 400 KiB of the megabyte that it may have, packed. */
  public static final int MOST = 10_000;

  /** From so many on there is reason to say that there soon are too many. */
  public static final int MANY = MOST / 5 * 4;

  /** How old what is known of Pods that name no host of the Registry may be. */
  static final Duration LOOK = Duration.ofMinutes(5);

  /**
   * What is cached of the cluster.
   *
   * @param naming Pods that name a host
   * @param all every Pod
   * @param registries the hosts of every Registry
   */
  public record Cache(
      Function<String, Stream<PodImages>> naming,
      Supplier<Stream<PodImages>> all,
      Supplier<Map<ObjectKey, Set<String>>> registries) {}

  private record Known(Set<String> hosts, Set<String> digests) {}

  private record Look(
      Map<String, Set<String>> hosts, Map<ObjectKey, Set<String>> registries, Instant at) {}

  private final Cache cache;
  private final Clock clock;
  private final Map<ObjectKey, Known> known = new ConcurrentHashMap<>();
  private final Map<ObjectKey, ProtectedImages> kept = new ConcurrentHashMap<>();
  private @Nullable Look lastLook;

  public RunningPods(Cache cache, Clock clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * What the Registry's next document names.
   *
   * @param hosts of the Registry
   * @param inForce digests of the document in force
   */
  public SortedSet<String> of(ObjectKey registry, Set<String> hosts, Set<String> inForce) {
    // Before the look: a Pod that comes after it finds the Registry concerned.
    known.put(registry, new Known(hosts, inForce));
    Look look = look();
    Set<String> own =
        hosts.stream()
            .flatMap(host -> cache.naming().apply(host))
            .flatMap(pod -> pod.images().stream())
            .filter(image -> image.hosts().stream().anyMatch(hosts::contains))
            .map(RunningImage::digest)
            .collect(Collectors.toSet());
    Set<String> foreign =
        look.registries().entrySet().stream()
            .filter(other -> !other.getKey().equals(registry))
            .flatMap(other -> other.getValue().stream())
            .filter(host -> !hosts.contains(host))
            .collect(Collectors.toSet());
    Set<String> others =
        look.hosts().entrySet().stream()
            .filter(entry -> entry.getValue().isEmpty() || !foreign.containsAll(entry.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    SortedSet<String> next =
        kept.computeIfAbsent(registry, none -> new ProtectedImages())
            .next(own, others, inForce, clock.instant(), MOST);
    known.put(registry, new Known(hosts, next));
    return next;
  }

  /** The Registries whose documents lack what a Pod runs under a name of theirs. */
  public Set<ObjectKey> lacking(PodImages pod) {
    return pod.images().isEmpty()
        ? Set.of()
        : known.entrySet().stream()
            .filter(
                entry -> pod.images().stream().anyMatch(image -> lacks(entry.getValue(), image)))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
  }

  /** Of a Registry that is gone, or whose images go whoever runs them. */
  public void forget(ObjectKey registry) {
    known.remove(registry);
    kept.remove(registry);
  }

  private static boolean lacks(Known registry, RunningImage image) {
    return image.hosts().stream().anyMatch(registry.hosts()::contains)
        && !registry.digests().contains(image.digest());
  }

  /** Every digest, with all hosts that Pods name with it; none: some Pod names no host with it. */
  private synchronized Look look() {
    Instant now = clock.instant();
    Look last = lastLook;
    if (last != null && Lately.was(last.at(), LOOK, now)) {
      return last;
    }
    Map<String, Set<String>> hosts = new HashMap<>();
    Set<String> anywhere = new HashSet<>();
    cache
        .all()
        .get()
        .flatMap(pod -> pod.images().stream())
        .forEach(
            image -> {
              hosts.computeIfAbsent(image.digest(), none -> new HashSet<>()).addAll(image.hosts());
              if (image.hosts().isEmpty()) {
                anywhere.add(image.digest());
              }
            });
    anywhere.forEach(digest -> hosts.put(digest, Set.of()));
    Look next = new Look(hosts, cache.registries().get(), now);
    lastLook = next;
    return next;
  }
}
