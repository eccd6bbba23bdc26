package dev.berth.api.v1alpha1.accesspolicy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The Secrets that are kept. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PullSecretsStatus(
    @JsonPropertyDescription("Number of namespaces that have the Secret.")
        @Nullable Integer namespaces,
    @JsonPropertyDescription("When the credential was made.") @Nullable String rotatedAt,
    @JsonPropertyDescription("When it will be made anew.") @Nullable String rotatesAt) {}
