package dev.berth.registry.auth;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.Tag;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What holds for the content of a repository, whoever pushes or deletes. */
public final class RepositoryRules {
  static final RepositoryRules NONE = new RepositoryRules("", List.of(), List.of());

  private final String source;
  private final Map<String, PathMatcher> immutableTags;
  private final Set<String> allowedArtifactTypes;

  /**
   * Compiles the globs.
   *
   * @param source what lays the rules down, for messages
   * @throws IllegalArgumentException when a glob is none
   */
  RepositoryRules(String source, List<String> immutableTags, List<String> allowedArtifactTypes) {
    this.source = source;
    this.immutableTags =
        immutableTags.stream()
            .distinct()
            .collect(
                toUnmodifiableMap(
                    Function.identity(),
                    glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob)));
    this.allowedArtifactTypes = Set.copyOf(allowedArtifactTypes);
  }

  /** Whether the tag stays where it is. */
  public boolean isImmutable(Tag tag) {
    return immutableBy(tag).isPresent();
  }

  private Optional<String> immutableBy(Tag tag) {
    if (immutableTags.isEmpty()) {
      return Optional.empty();
    }
    Path name = Path.of(tag.value());
    return immutableTags.entrySet().stream()
        .filter(entry -> entry.getValue().matches(name))
        .map(Map.Entry::getKey)
        .min(String::compareTo);
  }

  /** The refusal of a request that would move or delete an immutable tag. */
  public OciException refusal(Tag tag) {
    return new OciException(
        ErrorCode.DENIED,
        "the tag %s is immutable: immutableTags of %s has %s; it stays as it is while that stands"
            .formatted(tag, source, immutableBy(tag).orElse("")));
  }

  /**
   * Lets a manifest pass that may be pushed. An index that has no type of its own passes: what it
   * lists is judged when it is pushed.
   *
   * @throws OciException DENIED
   */
  public void requireAllowed(Manifest manifest) {
    String type = manifest.artifactType();
    if (type != null && !allowedArtifactTypes.isEmpty() && !allowedArtifactTypes.contains(type)) {
      throw new OciException(
          ErrorCode.DENIED,
          "artifacts of type %s are not taken here: allowedArtifactTypes of %s has %s"
              .formatted(
                  type,
                  source,
                  String.join(", ", allowedArtifactTypes.stream().sorted().toList())));
    }
  }
}
