package dev.berth.operator.certmanager;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What there is of cert-manager for one registry.
 *
 * @param installed whether the cluster has its API
 * @param certificate null: not there (yet)
 * @param refusal why the API server did not tell; null: it did
 */
public record CertManagerLookup(
    boolean installed, @Nullable CertManagerCertificate certificate, @Nullable String refusal) {

  /** Why the certificate is not issued yet, in cert-manager's words; empty: it is. */
  public Optional<String> pending() {
    if (refusal != null) {
      return Optional.of(refusal);
    }
    if (certificate == null || certificate.getStatus() == null) {
      return Optional.of("cert-manager has not looked at the Certificate yet");
    }
    long generation =
        certificate.getMetadata().getGeneration() == null
            ? 0
            : certificate.getMetadata().getGeneration();
    Optional<CertManagerStatus.Condition> ready =
        certificate.getStatus().conditions().stream()
            .filter(condition -> "Ready".equals(condition.type()))
            .findFirst();
    if (ready.isEmpty() || isOlder(ready.get(), generation)) {
      return Optional.of("cert-manager has not looked at the Certificate as it is now");
    }
    return "True".equals(ready.get().status())
        ? Optional.empty()
        : Optional.of("cert-manager: " + ready.get().message());
  }

  private static boolean isOlder(CertManagerStatus.Condition condition, long generation) {
    return condition.observedGeneration() != null && condition.observedGeneration() < generation;
  }
}
