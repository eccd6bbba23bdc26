package dev.berth.operator.server;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.berth.operator.policy.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /v1/declared} of a registry server answers for one Repository; sizes in bytes.
 *
 * @param name {@code namespace/name} of the Repository; empty: what no Repository declares
 * @param uniqueBytes of blobs that nothing else refers to
 * @param retention null: there are no rules, or they were not looked at yet
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServerHolding(
    String name,
    long repositories,
    long tags,
    long manifests,
    long logicalBytes,
    long uniqueBytes,
    @Nullable String lastPushAt,
    @Nullable String lastPullAt,
    @Nullable ServerRetention retention) {

  /** Pulls never rest, and each time that is told is a write to the API server. */
  private static final Duration PULLS = Duration.ofMinutes(15);

  public ServerHolding {
    name = requireNonNullElse(name, "");
  }

  /** The Repository; empty: it is none's. */
  Optional<ObjectKey> repository() {
    int slash = name.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : Optional.of(new ObjectKey(name.substring(0, slash), name.substring(slash + 1)));
  }

  /** Whether it says more than an answer before. */
  boolean isNews(@Nullable ServerHolding before) {
    return before == null || !withoutPull().equals(before.withoutPull()) || isPulledLater(before);
  }

  private boolean isPulledLater(ServerHolding before) {
    Optional<Instant> last = ServerTime.read(lastPullAt);
    Optional<Instant> then = ServerTime.read(before.lastPullAt);
    return last.isPresent() && then.map(at -> !last.get().isBefore(at.plus(PULLS))).orElse(true);
  }

  private ServerHolding withoutPull() {
    return new ServerHolding(
        name,
        repositories,
        tags,
        manifests,
        logicalBytes,
        uniqueBytes,
        lastPushAt,
        null,
        retention);
  }
}
