package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.RepositoryQuota;
import dev.berth.api.v1alpha1.RetentionSpec;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for paths without a Repository of their own. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RepositoryDefaults(
    @JsonPropertyDescription("Which images go after a while. Default: none go.")
        @Nullable RetentionSpec retention,
    @JsonPropertyDescription("Limits of each repository. Default: none.")
        @Nullable RepositoryQuota quota,
    @Size(max = 64)
        @JsonPropertyDescription("Globs of tags that never move and that no client deletes.")
        List<@Size(min = 1, max = 128) @Pattern(Grammar.TAG_GLOB) String> immutableTags) {

  /** Puts the documented defaults in place of what is absent. */
  public RepositoryDefaults {
    immutableTags = requireNonNullElse(immutableTags, List.of());
  }
}
