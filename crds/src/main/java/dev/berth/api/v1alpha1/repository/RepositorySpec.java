package dev.berth.api.v1alpha1.repository;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.DeletionPolicy;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.RegistryRef;
import dev.berth.api.v1alpha1.RepositoryQuota;
import dev.berth.api.v1alpha1.RetentionSpec;
import dev.berth.policy.Visibility;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for one repository, or for every one below a path. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.path == oldSelf.path",
    message = "path cannot be changed; make a new Repository",
    fieldPath = ".path")
@ValidationRule(
    value = "self.registryRef == oldSelf.registryRef",
    message = "registryRef cannot be changed; make a new Repository",
    fieldPath = ".registryRef")
public record RepositorySpec(
    @Required @JsonPropertyDescription("The Registry. It cannot be changed.")
        RegistryRef registryRef,
    @Required
        @Size(min = 1, max = 255)
        @Pattern(Grammar.PATH_PATTERN)
        @JsonPropertyDescription(
            "One repository (team-a/app), every one below a path (team-a/**) or every one "
                + "(**). It cannot be changed.")
        String path,
    @Size(max = 1024) @JsonPropertyDescription("What the repository is for.")
        @Nullable String description,
    @Default("Private")
        @JsonPropertyDescription(
            "Private: AccessPolicies decide; Public: anyone may pull. Default: Private.")
        Visibility visibility,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Globs of tags that never move and that no client deletes, for example v*.")
        List<@Size(min = 1, max = 128) @Pattern(Grammar.TAG_GLOB) String> immutableTags,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Media types that may be pushed, by the artifactType of a manifest or else the "
                + "mediaType of its config. Default: any.")
        List<@Size(min = 3, max = 255) @Pattern(Grammar.MEDIA_TYPE) String> allowedArtifactTypes,
    @JsonPropertyDescription("Limits of each repository. Default: none.")
        @Nullable RepositoryQuota quota,
    @JsonPropertyDescription("Which images go after a while. Default: none go.")
        @Nullable RetentionSpec retention,
    @JsonPropertyDescription("Makes this path a pull-through cache of another registry.")
        @Nullable UpstreamSpec upstream,
    @JsonPropertyDescription("Copies tags in from another repository of the same registry.")
        @Nullable PromotionSpec promotion,
    @Default("Retain")
        @JsonPropertyDescription(
            "What becomes of the images when this Repository is deleted: Retain or Delete. "
                + "Default: Retain.")
        DeletionPolicy deletionPolicy) {

  /** Puts the documented defaults in place of what is absent. */
  public RepositorySpec {
    visibility = requireNonNullElse(visibility, Visibility.PRIVATE);
    immutableTags = requireNonNullElse(immutableTags, List.of());
    allowedArtifactTypes = requireNonNullElse(allowedArtifactTypes, List.of());
    deletionPolicy = requireNonNullElse(deletionPolicy, DeletionPolicy.RETAIN);
  }
}
