package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.IssuerRef;
import dev.berth.operator.tls.Authorities;
import dev.berth.operator.tls.KeyPairPem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the certificate that clients see comes from. */
public sealed interface TlsModel {

  /** PEM of what clients need to trust; null: nothing that the operator knows of. */
  @Nullable String trusted();

  /** Plain HTTP. */
  record Disabled() implements TlsModel {
    @Override
    public @Nullable String trusted() {
      return null;
    }
  }

  /** Signed by the registry's own authority. */
  record SelfSigned(Authorities authorities, KeyPairPem server) implements TlsModel {
    @Override
    public String trusted() {
      return authorities.bundle();
    }
  }

  /**
   * Issued by cert-manager into the Secret that the operator would write its own to.
   *
   * @param names DNS names and IP addresses that it is asked for
   */
  record CertManager(IssuerRef issuer, List<String> names, @Nullable String trusted)
      implements TlsModel {}

  /** The user's own Secret of type kubernetes.io/tls. */
  record Provided(String secretName, @Nullable String trusted) implements TlsModel {}
}
