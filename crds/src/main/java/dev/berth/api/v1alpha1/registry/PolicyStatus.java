package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The access rules in force. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyStatus(
    @JsonPropertyDescription("Hash of the policy document.") @Nullable String revision,
    @JsonPropertyDescription("How many replicas decide by that revision.")
        @Nullable Integer enforcedReplicas) {}
