package dev.berth.operator.certmanager;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.api.v1alpha1.registry.IssuerRef;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a Certificate that Berth sets; others that cert-manager or its webhook add are
 * theirs.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CertManagerSpec(
    String secretName,
    List<String> dnsNames,
    List<String> ipAddresses,
    List<String> usages,
    @Nullable IssuerRef issuerRef,
    @Nullable PrivateKey privateKey,
    @Nullable SecretTemplate secretTemplate) {

  /** Absent lists are empty ones. */
  @SuppressWarnings("NullAway") // absent fields are null while they are read
  public CertManagerSpec {
    dnsNames = requireNonNullElse(dnsNames, List.of());
    ipAddresses = requireNonNullElse(ipAddresses, List.of());
    usages = requireNonNullElse(usages, List.of());
  }

  /** Which key it is for. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PrivateKey(String algorithm, int size, String rotationPolicy) {}

  /** What the Secret has besides the certificate. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SecretTemplate(Map<String, String> labels) {}
}
