package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A claim that exists already. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExistingClaimStorage(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription(
            "Name of the PersistentVolumeClaim, in the same namespace. What a registry:2 "
                + "or registry:3 left there is taken over.")
        String claimName) {}
