package dev.berth.operator.registry.model;

import dev.berth.operator.tls.Authorities;
import dev.berth.operator.tls.CaRotation;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import dev.berth.operator.tls.RotationOrder;
import dev.berth.operator.tls.ServerCertificate;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of a registry's own authorities, and of what they issue, at one visit. */
final class SelfSignedIssuing {

  /** The keys to keep, and the certificate that they make. */
  record Issued(KeyMaterial keys, TlsModel.SelfSigned tls) {}

  private final CaRotation rotation;
  private final ServerCertificate certificates;

  SelfSignedIssuing(CertificateIssuer issuer, Clock clock) {
    this.rotation = new CaRotation(issuer, clock);
    this.certificates = new ServerCertificate(issuer, clock);
  }

  /**
   * Goes on with the rotation, and issues the certificate that then serves.
   *
   * @param ordered value of the annotation that orders a rotation; null: there is none
   */
  Issued issue(
      RegistryNames names,
      KeyMaterial keys,
      KeptSecrets kept,
      List<String> hosts,
      @Nullable String ordered)
      throws CertificateException {
    String fingerprint = fingerprint(kept.certificate());
    RotationOrder order = taken(keys, ordered, fingerprint);
    boolean isNew = !Objects.equals(order, keys.order());
    CaRotation.Seen seen =
        new CaRotation.Seen(
            kept.bundle(), isServed(kept, fingerprint, keys.authorities().signing()));
    Authorities authorities =
        rotation.next(
            names.authorityName(),
            keys.authorities(),
            seen,
            // What was made just now is as new as anybody can order it.
            isNew && !kept.keys().isEmpty());
    KeyPairPem server =
        certificates.current(
            authorities.signing(),
            kept.certificate(),
            hosts,
            order == null ? null : order.replaces());
    return new Issued(keys.with(authorities, order), new TlsModel.SelfSigned(authorities, server));
  }

  /**
   * While somebody else issues the certificate nobody relies on the authorities, and an order has
   * nothing to act on: it is not carried out later either.
   */
  static KeyMaterial settled(KeyMaterial keys, @Nullable String ordered) {
    return keys.with(CaRotation.settled(keys.authorities()), taken(keys, ordered, null));
  }

  /** The newest order: the one that was taken before, unless the annotation has another value. */
  private static @Nullable RotationOrder taken(
      KeyMaterial keys, @Nullable String ordered, @Nullable String replaces) {
    RotationOrder before = keys.order();
    return ordered == null || (before != null && before.value().equals(ordered))
        ? before
        : new RotationOrder(ordered, replaces);
  }

  private static boolean isServed(
      KeptSecrets kept, @Nullable String fingerprint, KeyPairPem authority) {
    return kept.served() != null
        && kept.certificate() != null
        && fingerprint != null
        && CertificateFacts.signedBy(kept.certificate(), authority)
        && Set.of(fingerprint).containsAll(kept.served());
  }

  private static @Nullable String fingerprint(@Nullable KeyPairPem certificate) {
    try {
      return certificate == null ? null : CertificateFacts.of(certificate).fingerprint();
    } catch (CertificateException e) {
      return null;
    }
  }
}
