package dev.berth.operator.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which generations of a credential count. A generation is named by the second since 1970 that it
 * begins at, so that later ones are greater whatever becomes of {@code rotation}, and anybody can
 * tell which has begun.
 */
final class PullGenerations {

  /** Kubelets keep a Secret for a minute or two after it was replaced. */
  static final Duration GRACE = Duration.ofMinutes(5);

  private PullGenerations() {}

  /**
   * The current generation, the next one, and those before that some copy still has, or had a short
   * while ago. The next one counts in advance, so that copies can be replaced the moment it begins.
   *
   * @param inForce what the last document said: no older one ever counts again, whatever a copy
   *     says of itself; empty: it said nothing
   */
  static List<Long> of(Rotation rotation, List<Long> inForce, List<KeptCopy> copies, Instant now) {
    long begun = rotation.begin(now).getEpochSecond();
    long current =
        inForce.stream().filter(known -> known <= now.getEpochSecond()).reduce(begun, Math::max);
    NavigableSet<Long> counting =
        new TreeSet<>(List.of(current, rotation.next(now).getEpochSecond()));
    boolean grace =
        copies.stream()
            .filter(copy -> copy.made().getEpochSecond() < current)
            .anyMatch(copy -> copy.written().plus(GRACE).isAfter(now));
    inForce.stream()
        .filter(known -> known < current)
        .filter(known -> grace || copies.stream().anyMatch(copy -> copy.generation() == known))
        .forEach(counting::add);
    if (inForce.isEmpty()) {
      // The document was lost: the copies are the only ones who know.
      long before = begun - rotation.period().toSeconds();
      copies.stream()
          .map(KeptCopy::generation)
          .filter(known -> known == before)
          .forEach(counting::add);
    }
    return List.copyOf(counting);
  }

  /** The generation that copies should have. */
  static long current(List<Long> generations, Instant now) {
    return generations.stream()
        .filter(generation -> generation <= now.getEpochSecond())
        .reduce(0L, Math::max);
  }
}
