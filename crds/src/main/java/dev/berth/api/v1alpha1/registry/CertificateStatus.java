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
        @Nullable String fingerprint,
    @JsonPropertyDescription(
            "With tls.selfSigned, how far the authority's rotation is. Stable: one authority signs. "
                + "Announced: the next one is in the CA bundle for clients to trust, the old one "
                + "still signs. Switched: the new one signs, the old one stays in the bundle until "
                + "nothing uses it.")
        @Nullable AuthorityPhase phase,
    @JsonPropertyDescription("With tls.selfSigned, when the authority that signs expires.")
        @Nullable String authorityNotAfter,
    @JsonPropertyDescription(
            "With tls.selfSigned, the earliest time of the next phase of the authority's rotation; "
                + "absent until the CA bundle with the next authority is seen to be published.")
        @Nullable String nextPhaseAt) {}
