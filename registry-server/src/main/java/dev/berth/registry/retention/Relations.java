package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which manifests of a repository hang on which. */
final class Relations {
  private final Map<Digest, ManifestCandidate> manifests = new HashMap<>();
  private final Map<Digest, List<Digest>> indexes = new HashMap<>();
  private final Map<Digest, List<Digest>> attached = new HashMap<>();
  private final Map<Digest, Instant> pulls = new HashMap<>();

  Relations(RepositoryContent content) {
    content.manifests().forEach(manifest -> manifests.put(manifest.digest(), manifest));
    for (ManifestCandidate manifest : content.manifests()) {
      manifest.children().forEach(child -> add(indexes, child, manifest.digest()));
      if (manifest.subject() != null) {
        add(attached, manifest.subject(), manifest.digest());
      }
    }
    for (TagCandidate tag : content.tags()) {
      CosignTag.subject(tag.name()).ifPresent(image -> add(attached, image, tag.digest()));
    }
    sharePulls();
  }

  private static void add(Map<Digest, List<Digest>> lists, Digest key, Digest value) {
    lists.computeIfAbsent(key, k -> new ArrayList<>(1)).add(value);
  }

  /** Whoever pulls one of an index's children pulled the index, and with it all of them. */
  private void sharePulls() {
    manifests.values().forEach(manifest -> pulled(manifest.digest(), manifest.pulledAt()));
    spread(this::indexesOf);
    spread(this::children);
  }

  private boolean pulled(Digest digest, @Nullable Instant at) {
    Instant before = pulls.get(digest);
    if (at == null || (before != null && !before.isBefore(at))) {
      return false;
    }
    pulls.put(digest, at);
    return true;
  }

  private void spread(Function<Digest, List<Digest>> next) {
    Deque<Digest> open = new ArrayDeque<>(pulls.keySet());
    while (!open.isEmpty()) {
      Digest from = open.remove();
      for (Digest to : next.apply(from)) {
        if (pulled(to, pulls.get(from))) {
          open.add(to);
        }
      }
    }
  }

  /** When an image was last asked for, as a whole or in part; null: nobody knows that it was. */
  @Nullable Instant pulledAt(Digest image) {
    return pulls.get(image);
  }

  boolean isStored(Digest digest) {
    return manifests.containsKey(digest);
  }

  private List<Digest> children(Digest index) {
    return Optional.ofNullable(manifests.get(index))
        .map(ManifestCandidate::children)
        .orElse(List.of());
  }

  /** Those that list it. */
  List<Digest> indexesOf(Digest child) {
    return indexes.getOrDefault(child, List.of());
  }

  /** Signatures and the like. */
  private List<Digest> attachedTo(Digest image) {
    return attached.getOrDefault(image, List.of());
  }

  /** Those themselves, and the indexes that list them, at whatever depth. */
  Set<Digest> withIndexes(Collection<Digest> images) {
    Set<Digest> found = new HashSet<>(images);
    Deque<Digest> open = new ArrayDeque<>(images);
    while (!open.isEmpty()) {
      for (Digest index : indexesOf(open.remove())) {
        if (found.add(index)) {
          open.add(index);
        }
      }
    }
    return found;
  }

  /** What hangs on images: what they list as an index, and what is attached, at whatever depth. */
  Set<Digest> hangingOn(Collection<Digest> images) {
    Set<Digest> found = new HashSet<>();
    Deque<Digest> open = new ArrayDeque<>(images);
    while (!open.isEmpty()) {
      Digest image = open.remove();
      for (List<Digest> next : List.of(children(image), attachedTo(image))) {
        for (Digest digest : next) {
          if (found.add(digest)) {
            open.add(digest);
          }
        }
      }
    }
    return found;
  }
}
