package dev.berth.operator.podimages;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which digests one Registry's document names, from one visit to the next: what is new comes at
 * once, what no Pod runs any more goes after a while and together with others, so that Pods which
 * come and go do not rewrite the document.
 */
final class ProtectedImages {

  /** How long a digest stays that no Pod runs any more. */
  static final Duration STAY = Duration.ofHours(1);

  /** What goes with one that has stayed so long. */
  private static final Duration GOES_ALONG = STAY.dividedBy(2);

  private final Map<String, Instant> absentSince = new HashMap<>();

  /**
   * The digests of the next document.
   *
   * @param own that Pods run, under a name of the Registry
   * @param others that Pods run, and that may be the Registry's
   * @param inForce of the document before; an operator that has just started keeps them too
   * @param most digests that the document may name; those of {@code own} are named all the same
   */
  synchronized SortedSet<String> next(
      Set<String> own, Set<String> others, Set<String> inForce, Instant now, int most) {
    inForce.stream()
        .filter(digest -> !own.contains(digest) && !others.contains(digest))
        .forEach(digest -> absentSince.putIfAbsent(digest, now));
    absentSince
        .keySet()
        .removeIf(
            digest -> own.contains(digest) || others.contains(digest) || !inForce.contains(digest));
    if (absentSince.values().stream().anyMatch(since -> isOlder(since, STAY, now))) {
      absentSince.values().removeIf(since -> isOlder(since, GOES_ALONG, now));
    }
    TreeSet<String> digests = new TreeSet<>(own);
    Stream.concat(new TreeSet<>(others).stream(), new TreeSet<>(absentSince.keySet()).stream())
        .takeWhile(digest -> digests.size() < most)
        .forEach(digests::add);
    return Collections.unmodifiableSortedSet(digests);
  }

  private static boolean isOlder(Instant since, Duration age, Instant now) {
    return !now.isBefore(since.plus(age));
  }
}
