package dev.berth.operator.registry.check;

import dev.berth.operator.tls.CertificateFacts;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The Secret that cert-manager writes a registry's certificate to, which may have been the
 * operator's before.
 */
public final class CertManagerSecret {

  /** Where the PEM of who issued is. */
  public static final String AUTHORITY = "ca.crt";

  private CertManagerSecret() {}

  /**
   * Whether it still names the registry's own authority: of an issuer that tells of none, such as a
   * public one, cert-manager leaves what it finds there.
   *
   * @param own PEM of the registry's own authority; null: it has none
   */
  public static boolean hasLeftAuthority(Secret secret, @Nullable String own) {
    String authority = SecretText.of(secret, AUTHORITY);
    String certificate = SecretText.of(secret, "tls.crt");
    return own != null
        && authority != null
        && authority.contains(own.strip())
        && certificate != null
        && !CertificateFacts.signedBy(certificate, own);
  }

  /** The Secret as cert-manager means it. */
  public static Secret withoutLeftAuthority(Secret secret, @Nullable String own) {
    return hasLeftAuthority(secret, own)
        ? new SecretBuilder(secret).removeFromData(AUTHORITY).build()
        : secret;
  }
}
