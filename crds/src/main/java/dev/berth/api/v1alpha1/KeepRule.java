package dev.berth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tags that stay whatever the expire rules say. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "(has(self.mostRecentlyPushed) ? 1 : 0) + (has(self.pulledWithin) ? 1 : 0) + "
            + "(has(self.always) && self.always ? 1 : 0) == 1",
    message =
        "a keep rule needs exactly one of mostRecentlyPushed, pulledWithin and always: "
            + "true; write several rules to combine them",
    fieldPath = ".tags")
public record KeepRule(
    @Required
        @Size(min = 1, max = 64)
        @JsonPropertyDescription(
            "Globs of the tags that the rule looks at, * for any characters; ** alone is "
                + "every tag.")
        List<@Size(min = 1, max = 128) @Pattern(Grammar.TAG_GLOB) String> tags,
    @Min(1)
        @Max(1000000)
        @JsonPropertyDescription(
            "Keeps this many of the matching tags of each repository, the most recently "
                + "pushed ones.")
        @Nullable Integer mostRecentlyPushed,
    @Size(min = 2, max = 32)
        @Pattern(Grammar.DURATION)
        @JsonPropertyDescription(
            "Keeps matching tags that were pulled within this time, for example 720h. What "
                + "was never pulled counts as pulled when it was pushed.")
        @Nullable String pulledWithin,
    @JsonPropertyDescription("Keeps every matching tag.") @Nullable Boolean always) {

  /** Puts the documented defaults in place of what is absent. */
  public KeepRule {
    tags = requireNonNullElse(tags, List.of());
  }
}
