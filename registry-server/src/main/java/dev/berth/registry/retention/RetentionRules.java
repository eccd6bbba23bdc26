package dev.berth.registry.retention;

import dev.berth.policy.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules of one Repository, ready to be asked about the tags of one repository. */
public final class RetentionRules {
  private final List<Keep> keep = new ArrayList<>();
  private final List<Expire> expire = new ArrayList<>();

  /**
   * Compiles them.
   *
   * @throws IllegalArgumentException when a glob is none; the message names it
   */
  public RetentionRules(Retention retention) {
    for (Retention.Keep rule : retention.keep()) {
      keep.add(new Keep(new TagGlobs("keep[" + keep.size() + "].tags", rule.tags()), rule));
    }
    for (Retention.Expire rule : retention.expire()) {
      String name = "expire[" + expire.size() + "]";
      expire.add(new Expire(name, new TagGlobs(name + ".tags", rule.tags()), rule));
    }
  }

  private record Keep(TagGlobs tags, Retention.Keep rule) {

    /** One that says nothing that is known keeps what it matches. */
    boolean always() {
      return rule.always()
          || (rule.mostRecentlyPushed() == null && rule.pulledWithinMillis() == null);
    }
  }

  private record Expire(String name, TagGlobs tags, Retention.Expire rule) {

    Optional<Named> named(String how, Instant pushedAt, Instant now) {
      return pushedAt.isBefore(before(now, rule.pushedBeforeMillis()))
          ? Optional.of(
              new Named(name, how + "pushed " + Age.of(Duration.between(pushedAt, now)) + " ago"))
          : Optional.empty();
    }
  }

  /** Which rule names something, and why. */
  record Named(String rule, String reason) {}

  /**
   * The names of the tags that stay because a rule says so.
   *
   * @param pulledAt when the image of a tag was last asked for
   */
  Set<String> kept(
      List<TagCandidate> tags, Function<TagCandidate, @Nullable Instant> pulledAt, Instant now) {
    Set<String> kept = new HashSet<>();
    for (Keep rule : keep) {
      List<TagCandidate> matching =
          tags.stream().filter(tag -> rule.tags.match(tag.name())).toList();
      if (rule.always()) {
        matching.forEach(tag -> kept.add(tag.name()));
      }
      Long within = rule.rule.pulledWithinMillis();
      if (within != null) {
        Instant since = before(now, within);
        matching.stream()
            .filter(tag -> !lastUsed(tag, pulledAt.apply(tag)).isBefore(since))
            .forEach(tag -> kept.add(tag.name()));
      }
      Integer most = rule.rule.mostRecentlyPushed();
      if (most != null) {
        latest(matching, most).forEach(tag -> kept.add(tag.name()));
      }
    }
    return kept;
  }

  /** A push counts as a pull: whoever pushed it wants it. */
  private static Instant lastUsed(TagCandidate tag, @Nullable Instant pulledAt) {
    return pulledAt == null || pulledAt.isBefore(tag.pushedAt()) ? tag.pushedAt() : pulledAt;
  }

  /** Of those that were pushed at the very same time nobody knows which was the last: all stay. */
  private static List<TagCandidate> latest(List<TagCandidate> matching, int most) {
    // Cosign's go with their images, and must not take the places of these.
    List<TagCandidate> tags =
        matching.stream().filter(tag -> CosignTag.subject(tag.name()).isEmpty()).toList();
    if (most <= 0 || tags.size() <= most) {
      return most <= 0 ? List.of() : tags;
    }
    Instant least =
        tags.stream()
            .map(TagCandidate::pushedAt)
            .sorted(Comparator.reverseOrder())
            .skip(most - 1L)
            .findFirst()
            .orElseThrow();
    return tags.stream().filter(tag -> !tag.pushedAt().isBefore(least)).toList();
  }

  /** The first rule that lets a tag go. */
  Optional<Named> expires(TagCandidate tag, Instant now) {
    return expire.stream()
        .filter(rule -> rule.tags.match(tag.name()))
        .flatMap(rule -> rule.named("", tag.pushedAt(), now).stream())
        .findFirst();
  }

  /** The first rule that lets a manifest without a tag go. */
  Optional<Named> expires(ManifestCandidate manifest, Instant now) {
    return expire.stream()
        .filter(rule -> rule.rule.untagged())
        .flatMap(rule -> rule.named("untagged, ", manifest.pushedAt(), now).stream())
        .findFirst();
  }

  private static Instant before(Instant now, long millis) {
    return Instant.ofEpochMilli(now.toEpochMilli() - millis);
  }
}
