package dev.berth.api.v1alpha1.repository;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Tags that are copied in, by reference, from another repository of the same registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PromotionSpec(
    @Required
        @Size(min = 1, max = 255)
        @Pattern(Grammar.PATH)
        @JsonPropertyDescription("Repository that the tags come from.")
        String from,
    @Required
        @Size(min = 1, max = 64)
        @JsonPropertyDescription("Globs of the tags that are copied.")
        List<@Size(min = 1, max = 128) @Pattern(Grammar.TAG_GLOB) String> tags,
    @Default("false")
        @JsonPropertyDescription("Whether only signed images are copied. Default: false.")
        Boolean requireSignature) {

  /** Puts the documented defaults in place of what is absent. */
  public PromotionSpec {
    tags = requireNonNullElse(tags, List.of());
    requireSignature = requireNonNullElse(requireSignature, false);
  }
}
