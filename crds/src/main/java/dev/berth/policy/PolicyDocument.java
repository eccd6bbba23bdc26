package dev.berth.policy;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides who may do what in one registry.
 *
 * @param revision hash of {@link #content}; two documents of the same revision decide the same
 * @param sequence grows with every change of the content, so that an older document never replaces
 *     a newer one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyDocument(String revision, long sequence, Content content) {

  public PolicyDocument {
    requireNonNull(revision, "revision");
    requireNonNull(content, "content");
  }

  /**
   * What the registry decides by.
   *
   * @param anonymous whether grants to Anonymous and public repositories count for callers without
   *     credentials
   * @param immutableTags globs of tags that neither move nor go by what a client asks, in
   *     repositories that no entry declares
   * @param clusterTokens null: no token of a ServiceAccount is accepted
   * @param pullSecrets credentials that AccessPolicies keep in namespaces
   * @param space null: no limits, and nothing that goes by a rule
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Content(
      boolean anonymous,
      Creation creation,
      List<DeclaredRepository> repositories,
      List<Grant> grants,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> immutableTags,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ClusterTokens clusterTokens,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PullSecrets> pullSecrets,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SpaceRules space) {

    public Content {
      requireNonNull(creation, "creation");
      repositories = List.copyOf(requireNonNull(repositories, "repositories"));
      grants = List.copyOf(requireNonNull(grants, "grants"));
      // What an earlier version wrote has neither.
      immutableTags = List.copyOf(requireNonNullElse(immutableTags, List.of()));
      pullSecrets = List.copyOf(requireNonNullElse(pullSecrets, List.of()));
      space = space == null || space.isEmpty() ? null : space;
    }

    /** What holds for space. */
    public SpaceRules spaceRules() {
      return requireNonNullElse(space, SpaceRules.NONE);
    }

    /** The same, with these credentials in namespaces. */
    public Content withPullSecrets(List<PullSecrets> credentials) {
      return new Content(
          anonymous,
          creation,
          repositories,
          grants,
          immutableTags,
          clusterTokens,
          credentials,
          space);
    }

    /** The same, with other rules for space. */
    public Content withSpace(SpaceRules rules) {
      return new Content(
          anonymous,
          creation,
          repositories,
          grants,
          immutableTags,
          clusterTokens,
          pullSecrets,
          rules);
    }

    /** One whose undeclared repositories have tags that move, and whose callers are users alone. */
    public Content(
        boolean anonymous,
        Creation creation,
        List<DeclaredRepository> repositories,
        List<Grant> grants) {
      this(anonymous, creation, repositories, grants, List.of(), null, List.of(), null);
    }
  }
}
