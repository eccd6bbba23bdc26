package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The certificate that clients see. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateStatus(
    @JsonPropertyDescription("When it expires.") @Nullable String notAfter,
    @JsonPropertyDescription("When it will be renewed; absent where somebody else renews it.")
        @Nullable String renewsAt,
    @JsonPropertyDescription("SHA-256 of the certificate, in hexadecimal.")
        @Nullable String fingerprint) {}
