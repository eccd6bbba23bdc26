package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A claim without whose value a token is refused. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RequiredClaim(
    @Required @Size(min = 1, max = 128) @JsonPropertyDescription("Name of the claim.") String claim,
    @Required
        @Size(min = 1, max = 512)
        @JsonPropertyDescription("What it must be, or contain where it is a list.")
        String value) {}
