package dev.berth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tags or untagged manifests that go unless a keep rule names them. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "(has(self.tags) && size(self.tags) > 0) != (has(self.untagged) && self.untagged)",
    message = "an expire rule needs either tags or untagged: true",
    fieldPath = ".tags")
public record ExpireRule(
    @Size(max = 64)
        @JsonPropertyDescription(
            "Globs of the tags that the rule looks at, * for any characters; ** alone is "
                + "every tag.")
        List<@Size(min = 1, max = 128) @Pattern(Grammar.TAG_GLOB) String> tags,
    @JsonPropertyDescription("Looks at manifests without a tag instead of at tags.")
        @Nullable Boolean untagged,
    @Required
        @Size(min = 2, max = 32)
        @Pattern(Grammar.DURATION)
        @JsonPropertyDescription("Expires what was pushed longer ago than this, for example 168h.")
        String pushedBefore) {

  /** Puts the documented defaults in place of what is absent. */
  public ExpireRule {
    tags = requireNonNullElse(tags, List.of());
  }
}
