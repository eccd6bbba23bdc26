package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.retention.RetentionRules.Named;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what goes from one repository. Keep wins over expire; what no rule names stays, and so does
 * whatever hangs on an image that stays.
 */
public final class RetentionPlanner {
  private final RetentionRules rules;
  private final Circumstances circumstances;
  private final RepositoryContent content;
  private final Relations relations;

  /** What holds besides the rules: it runs, or an index lists it that lists what runs. */
  private final Set<Digest> inUse;

  private RetentionPlanner(
      RepositoryContent content, RetentionRules rules, Circumstances circumstances) {
    this.rules = rules;
    this.circumstances = circumstances;
    this.content = content;
    this.relations = new Relations(content);
    this.inUse =
        relations.withIndexes(
            content.manifests().stream()
                .flatMap(RetentionPlanner::withChildren)
                .filter(circumstances.running())
                .toList());
  }

  /** What runs may be listed here and be stored elsewhere. */
  private static Stream<Digest> withChildren(ManifestCandidate manifest) {
    return Stream.concat(Stream.of(manifest.digest()), manifest.children().stream());
  }

  /** The plan for a repository; the same for the preview as for the run. */
  public static RetentionPlan plan(
      RepositoryContent content, RetentionRules rules, Circumstances circumstances) {
    return new RetentionPlanner(content, rules, circumstances).plan();
  }

  private RetentionPlan plan() {
    Map<TagCandidate, Named> expiring = expiringTags();
    Map<ManifestCandidate, Named> untagged = expiringManifests();
    Set<Digest> staying = staying(expiring, untagged);
    Set<Digest> hanging = relations.hangingOn(staying);
    List<Victim> victims = new ArrayList<>();
    expiring.forEach(
        (tag, named) -> {
          if (!hanging.contains(tag.digest()) && !inUse.contains(tag.digest())) {
            victims.add(victim(tag.name(), tag.digest(), tag.pushedAt(), named));
          }
        });
    untagged.forEach(
        (manifest, named) -> {
          // Its subject may be a child that is stored elsewhere, of an index that stays here.
          if (!hanging.contains(manifest.digest())) {
            victims.add(victim(null, manifest.digest(), manifest.pushedAt(), named));
          }
        });
    Set<Digest> leaving = new HashSet<>();
    for (ManifestCandidate manifest : content.manifests()) {
      if (!staying.contains(manifest.digest()) && !hanging.contains(manifest.digest())) {
        leaving.add(manifest.digest());
      }
    }
    return new RetentionPlan(victims, leaving, content.tags().size());
  }

  private static Victim victim(@Nullable String tag, Digest digest, Instant pushedAt, Named named) {
    return new Victim(tag, digest, pushedAt, named.rule(), named.reason());
  }

  /** By the rules alone: they may yet hang on what stays. */
  private Map<TagCandidate, Named> expiringTags() {
    Set<String> kept = rules.kept(content.tags(), this::pulledAt, circumstances.now());
    Map<TagCandidate, Named> expiring = new TreeMap<>(Comparator.comparing(TagCandidate::name));
    for (TagCandidate tag : content.tags()) {
      if (!tag.immutable() && !kept.contains(tag.name()) && relations.isStored(tag.digest())) {
        rules.expires(tag, circumstances.now()).ifPresent(named -> expiring.put(tag, named));
      }
    }
    return expiring;
  }

  /** The image may have been asked for by another name. */
  private @Nullable Instant pulledAt(TagCandidate tag) {
    Instant ofTag = tag.pulledAt();
    Instant ofImage = relations.pulledAt(tag.digest());
    return ofTag == null || (ofImage != null && ofImage.isAfter(ofTag)) ? ofImage : ofTag;
  }

  /**
   * Those on which nothing hangs, and that hang on nothing: the others go with what they are of.
   */
  private Map<ManifestCandidate, Named> expiringManifests() {
    Set<Digest> tagged = tagged(content.tags());
    Map<ManifestCandidate, Named> expiring =
        new TreeMap<>(Comparator.comparing(manifest -> manifest.digest().toString()));
    for (ManifestCandidate manifest : content.manifests()) {
      if (!tagged.contains(manifest.digest())
          && isOnItsOwn(manifest)
          && !inUse.contains(manifest.digest())
          && !isInGrace(manifest)) {
        rules
            .expires(manifest, circumstances.now())
            .ifPresent(named -> expiring.put(manifest, named));
      }
    }
    return expiring;
  }

  private boolean isOnItsOwn(ManifestCandidate manifest) {
    return relations.indexesOf(manifest.digest()).isEmpty()
        && Optional.ofNullable(manifest.subject()).filter(relations::isStored).isEmpty();
  }

  private boolean isInGrace(ManifestCandidate manifest) {
    return isInGrace(manifest.unreferencedAt()) || isInGrace(relations.pulledAt(manifest.digest()));
  }

  private boolean isInGrace(@Nullable Instant at) {
    return at != null && at.isAfter(circumstances.graceSince());
  }

  /** What is there for its own sake. */
  private Set<Digest> staying(
      Map<TagCandidate, Named> expiring, Map<ManifestCandidate, Named> untagged) {
    Set<Digest> staying =
        tagged(content.tags().stream().filter(tag -> !expiring.containsKey(tag)).toList());
    staying.addAll(inUse);
    Set<Digest> tagged = tagged(content.tags());
    for (ManifestCandidate manifest : content.manifests()) {
      if (!tagged.contains(manifest.digest())
          && isOnItsOwn(manifest)
          && !untagged.containsKey(manifest)) {
        staying.add(manifest.digest());
      }
    }
    return staying;
  }

  private static Set<Digest> tagged(List<TagCandidate> tags) {
    Set<Digest> tagged = new HashSet<>();
    tags.forEach(tag -> tagged.add(tag.digest()));
    return tagged;
  }
}
