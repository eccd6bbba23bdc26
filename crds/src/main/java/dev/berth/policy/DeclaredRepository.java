package dev.berth.policy;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An accepted Repository. Where several match a path, the exact one counts, else the one with the
 * longest prefix.
 *
 * @param name {@code namespace/name} of the Repository object, for messages
 * @param immutableTags globs of tags that neither move nor go by what a client asks
 * @param allowedArtifactTypes media types that may be pushed; empty: any
 * @param quota null: no limits
 * @param retention null: nothing goes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DeclaredRepository(
    String name,
    PathPattern path,
    Visibility visibility,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> immutableTags,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> allowedArtifactTypes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Quota quota,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Retention retention) {

  public DeclaredRepository {
    requireNonNull(name, "name");
    requireNonNull(path, "path");
    requireNonNull(visibility, "visibility");
    // What an earlier version wrote has neither.
    immutableTags = List.copyOf(requireNonNullElse(immutableTags, List.of()));
    allowedArtifactTypes = List.copyOf(requireNonNullElse(allowedArtifactTypes, List.of()));
  }

  /** One that takes anything and whose tags move. */
  public DeclaredRepository(String name, PathPattern path, Visibility visibility) {
    this(name, path, visibility, List.of(), List.of(), null, null);
  }
}
