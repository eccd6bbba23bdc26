package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** One way to reach the registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Endpoint(
    @Required @JsonPropertyDescription("Where the endpoint comes from.") EndpointType type,
    @Required @JsonPropertyDescription("URL of the endpoint.") String url,
    @Required
        @JsonPropertyDescription(
            "What image references start with, port included where it matters.")
        String host) {}
