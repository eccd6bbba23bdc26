package dev.berth.operator.pullsecrets;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How an AccessPolicy's pull secrets stand after a visit.
 *
 * @param namespaces how many have a copy
 * @param waiting how many get theirs when every replica takes it
 * @param conflicts namespaces where somebody else has a Secret of the name
 * @param failure what the API server said to a request that it refused; empty: nothing
 * @param rotatedAt when the credential of the copies was made
 * @param rotatesAt when the next one is made
 */
public record Distribution(
    int namespaces,
    int waiting,
    List<String> conflicts,
    Optional<String> failure,
    Optional<Instant> rotatedAt,
    Optional<Instant> rotatesAt) {

  /** Nobody tells when somebody else's Secret goes, or a quota is raised. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  /** None are kept. */
  public static final Distribution NONE =
      new Distribution(0, 0, List.of(), Optional.empty(), Optional.empty(), Optional.empty());

  /** When to look again though nothing happens. */
  public Optional<Duration> nextVisit(Instant now) {
    return Stream.concat(
            conflicts.isEmpty() && failure.isEmpty() ? Stream.of() : Stream.of(AGAIN),
            // A timer that fires a fraction of a millisecond early would find nothing to rotate.
            rotatesAt.stream().map(at -> Duration.between(now, at).plusMillis(1)))
        .min(Comparator.naturalOrder());
  }
}
