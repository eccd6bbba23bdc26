package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A node that could not be configured. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FailingNode(
    @Required @JsonPropertyDescription("Name of the node.") String node,
    @Required @JsonPropertyDescription("Why, as one PascalCase word.") String reason,
    @JsonPropertyDescription("Why, and what to do about it.") @Nullable String message) {}
