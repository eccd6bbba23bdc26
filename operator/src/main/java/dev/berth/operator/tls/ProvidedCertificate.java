package dev.berth.operator.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that somebody else issued, with the chain that the server presents.
 *
 * @param facts of the server's own certificate
 * @param chain as the server presents it, its own first, whatever the order of the file
 * @param authorities that clients are said to trust; empty: nothing is said of them
 */
public record ProvidedCertificate(
    CertificateFacts facts, List<X509Certificate> chain, List<X509Certificate> authorities) {

  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_USAGE = "2.5.29.37.0";

  /**
   * Reads what a Secret holds.
   *
   * @param authority PEM of the authorities; null or blank: none is given
   * @throws CertificateException with a message for the user when a part cannot be read, or the key
   *     is not the certificate's
   */
  public static ProvidedCertificate of(String certificate, String key, @Nullable String authority)
      throws CertificateException {
    return new ProvidedCertificate(
        CertificateFacts.of(new KeyPairPem(certificate, key)),
        path(Pem.certificates(certificate)),
        authority == null || authority.isBlank() ? List.of() : authorities(authority));
  }

  /** As the server does: what is not on the way from its own certificate upwards is left out. */
  private static List<X509Certificate> path(List<X509Certificate> certificates) {
    List<X509Certificate> path = new ArrayList<>();
    List<X509Certificate> others = new ArrayList<>(certificates);
    Optional<X509Certificate> next = Optional.of(others.getFirst());
    while (next.isPresent()) {
      path.add(next.get());
      others.remove(next.get());
      X500Principal issuer = path.getLast().getIssuerX500Principal();
      next =
          others.stream().filter(one -> one.getSubjectX500Principal().equals(issuer)).findFirst();
    }
    return path;
  }

  /** From when on the whole chain is valid. */
  public Instant notBefore() {
    return chain.stream()
        .map(certificate -> certificate.getNotBefore().toInstant())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** When the first of the chain ends. */
  public Instant notAfter() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** Why clients cannot follow the chain; empty: they can, as far as the chain tells. */
  public Optional<String> chainProblem() {
    if (!isForServers(chain.getFirst())) {
      return Optional.of(
          "%s is not for servers, its extended key usage lacks serverAuth"
              .formatted(name(chain.getFirst())));
    }
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate signed = chain.get(i - 1);
      X509Certificate signer = chain.get(i);
      if (!isSignedBy(signed, signer)) {
        return Optional.of(
            "%s of tls.crt did not sign %s, which names it as its issuer"
                .formatted(name(signer), name(signed)));
      }
      if (signer.getBasicConstraints() < 0) {
        return Optional.of(
            "%s of tls.crt signed %s and is no authority".formatted(name(signer), name(signed)));
      }
    }
    X509Certificate last = chain.getLast();
    boolean leads =
        authorities.isEmpty()
            || authorities.stream()
                .anyMatch(authority -> authority.equals(last) || isSignedBy(last, authority));
    return leads
        ? Optional.empty()
        : Optional.of(
            "no authority of ca.crt signed %s: its issuer %s is missing from tls.crt"
                .formatted(name(last), last.getIssuerX500Principal().getName()));
  }

  /** Whether the PEM holds certificates. */
  public static boolean isBundle(String pem) {
    try {
      return !Pem.certificates(pem).isEmpty();
    } catch (CertificateException e) {
      return false;
    }
  }

  private static List<X509Certificate> authorities(String pem) throws CertificateException {
    try {
      return Pem.certificates(pem);
    } catch (CertificateException e) {
      throw new CertificateException("ca.crt: " + e.getMessage(), e);
    }
  }

  private static boolean isForServers(X509Certificate leaf) {
    try {
      List<String> usages = leaf.getExtendedKeyUsage();
      return usages == null || usages.contains(SERVER_AUTHENTICATION) || usages.contains(ANY_USAGE);
    } catch (CertificateException e) {
      return false;
    }
  }

  private static boolean isSignedBy(X509Certificate signed, X509Certificate signer) {
    return signed.getIssuerX500Principal().equals(signer.getSubjectX500Principal())
        && CertificateFacts.isSignedBy(signed, signer);
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
