package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The result of a trial pull on a node. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeReachability(
    @JsonPropertyDescription("Pool of the node.") @Nullable String pool,
    @Required @JsonPropertyDescription("Name of the node.") String node,
    @JsonPropertyDescription("When it was tried.") @Nullable String at,
    @JsonPropertyDescription(
            "Whether the pull succeeded; absent where the node did not come to it.")
        @Nullable Boolean pulled,
    @JsonPropertyDescription("Why it did not.") @Nullable String message,
    @JsonPropertyDescription(
            "Revision of what the node had been told; the pull is tried again with another one.")
        @Nullable String plan) {}
