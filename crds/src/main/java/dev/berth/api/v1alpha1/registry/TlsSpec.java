package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the certificate of the registry comes from. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.selfSigned) ? 1 : 0) + (has(self.certManager) ? 1 : 0) + "
            + "(has(self.secretRef) ? 1 : 0) + (has(self.disabled) ? 1 : 0) == 1",
    message = "tls needs exactly one of selfSigned, certManager, secretRef and disabled",
    fieldPath = ".selfSigned")
public record TlsSpec(
    @JsonPropertyDescription(
            "The operator makes a certificate authority and a certificate and renews both. "
                + "This is the default. Clients trust the key ca.crt of the Secret that "
                + "status.caBundleSecretRef names.")
        @Nullable SelfSignedTls selfSigned,
    @JsonPropertyDescription("cert-manager issues the certificate.")
        @Nullable CertManagerTls certManager,
    @JsonPropertyDescription(
            "Secret of type kubernetes.io/tls with a certificate for every host name of "
                + "the registry; whoever made it renews it.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription(
            "Plain HTTP. Most clients refuse that, and passwords travel in the clear.")
        @Nullable DisabledTls disabled) {}
