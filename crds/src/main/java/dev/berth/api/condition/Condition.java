package dev.berth.api.condition;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One aspect of an object, in the shape of metav1.Condition. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Required
        @Size(min = 1, max = 316)
        @Pattern(Grammar.CONDITION_TYPE)
        @JsonPropertyDescription("What the condition is about, in PascalCase, for example Ready.")
        String type,
    @Required @JsonPropertyDescription("Whether it holds: True, False or Unknown.")
        ConditionStatus status,
    @Min(0) @JsonPropertyDescription("metadata.generation that the condition was decided for.")
        @Nullable Long observedGeneration,
    @Required @JsonPropertyDescription("When the status last changed, RFC 3339.")
        String lastTransitionTime,
    @Required
        @Size(min = 1, max = 1024)
        @Pattern(Grammar.CONDITION_REASON)
        @JsonPropertyDescription("Why, as one PascalCase word for programs.")
        String reason,
    @Required
        @Size(max = 32768)
        @JsonPropertyDescription("Why, and what to do about it, for people.")
        String message) {}
