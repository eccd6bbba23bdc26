package dev.berth.registry.retention.run;

import dev.berth.registry.auth.RepositoryRules;
import dev.berth.registry.metadata.Expiry;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Tag;
import dev.berth.registry.retention.ManifestCandidate;
import dev.berth.registry.retention.RepositoryContent;
import dev.berth.registry.retention.TagCandidate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes down what a repository holds. */
final class ContentReader implements Expiry.Reader {
  private final RepositoryRules rules;
  private final List<TagCandidate> tags = new ArrayList<>();
  private final List<ManifestCandidate> manifests = new ArrayList<>();
  private final Map<Digest, List<Digest>> children = new HashMap<>();

  ContentReader(RepositoryRules rules) {
    this.rules = rules;
  }

  @Override
  public void tag(String name, Digest digest, Instant pushedAt, @Nullable Instant pulledAt) {
    tags.add(new TagCandidate(name, digest, pushedAt, pulledAt, rules.isImmutable(new Tag(name))));
  }

  @Override
  public void manifest(
      Digest digest,
      Instant pushedAt,
      @Nullable Instant pulledAt,
      @Nullable Instant unreferencedAt,
      @Nullable Digest subject) {
    manifests.add(
        new ManifestCandidate(digest, pushedAt, pulledAt, unreferencedAt, List.of(), subject));
  }

  @Override
  public void child(Digest index, Digest child) {
    children.computeIfAbsent(index, i -> new ArrayList<>()).add(child);
  }

  RepositoryContent content() {
    manifests.replaceAll(
        manifest ->
            children.containsKey(manifest.digest())
                ? manifest.withChildren(children.get(manifest.digest()))
                : manifest);
    return new RepositoryContent(tags, manifests);
  }
}
