package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import java.util.Objects;
import java.util.Set;

/**
 * What protects, asked about each victim in the plainest words there are: no set is computed ahead.
 */
record Protection(RepositoryContent content, Set<Digest> running, Set<Digest> leaving) {

  boolean holds(Victim victim) {
    boolean immutable =
        content.tags().stream().anyMatch(tag -> tag.immutable() && tag.name().equals(victim.tag()));
    return immutable || runs(victim.digest()) || isOfWhatStays(victim.digest());
  }

  /** Itself, or something that it lists. */
  private boolean runs(Digest image) {
    return running.contains(image)
        || content.manifests().stream()
            .filter(manifest -> manifest.digest().equals(image))
            .flatMap(manifest -> manifest.children().stream())
            .anyMatch(this::runs);
  }

  private boolean isOfWhatStays(Digest image) {
    boolean listed =
        content.manifests().stream()
            .filter(index -> stays(index.digest()))
            .anyMatch(index -> index.children().contains(image));
    boolean refers =
        content.manifests().stream()
            .filter(manifest -> manifest.digest().equals(image))
            .map(ManifestCandidate::subject)
            .filter(Objects::nonNull)
            .anyMatch(this::stays);
    boolean signs =
        content.tags().stream()
            .filter(tag -> tag.digest().equals(image))
            .flatMap(tag -> CosignTag.subject(tag.name()).stream())
            .anyMatch(this::stays);
    return listed || refers || signs;
  }

  private boolean stays(Digest digest) {
    return content.manifests().stream().anyMatch(m -> m.digest().equals(digest))
        && !leaving.contains(digest);
  }
}
