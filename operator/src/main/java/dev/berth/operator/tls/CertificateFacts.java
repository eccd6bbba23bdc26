package dev.berth.operator.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of a server certificate whose key was checked to match.
 *
 * @param names DNS names and IP addresses, lower case
 * @param fingerprint SHA-256 of the leaf, hex
 */
public record CertificateFacts(
    Instant notBefore, Instant notAfter, Set<String> names, String fingerprint) {

  /** What clients of registries take. */
  private static final Set<String> SERVED = Set.of("RSA", "EC", "ECDSA");

  private static final KnownAnswers<CertificateFacts> FACTS = new KnownAnswers<>();
  private static final KnownAnswers<Boolean> SIGNATURES = new KnownAnswers<>();

  /**
   * Reads a certificate and its key.
   *
   * @throws CertificateException with a message for the user when one cannot be read or they do not
   *     belong together
   */
  public static CertificateFacts of(KeyPairPem pair) throws CertificateException {
    return FACTS.get(List.of(pair.certificate(), pair.key()), () -> read(pair));
  }

  private static CertificateFacts read(KeyPairPem pair) throws CertificateException {
    X509Certificate leaf = Pem.certificates(pair.certificate()).getFirst();
    PrivateKey key = Pem.privateKey(pair.key());
    if (!SERVED.contains(key.getAlgorithm())) {
      throw new CertificateException(
          "the server takes keys of RSA and of the curves P-256, P-384 and P-521, not of "
              + key.getAlgorithm());
    }
    if (!belongTogether(leaf, key)) {
      throw new CertificateException("the private key is not the certificate's");
    }
    return new CertificateFacts(
        leaf.getNotBefore().toInstant(),
        leaf.getNotAfter().toInstant(),
        names(leaf),
        fingerprint(leaf));
  }

  /** SHA-256 of the first certificate of the PEM, hex. */
  public static String fingerprint(String pem) throws CertificateException {
    return fingerprint(Pem.certificates(pem).getFirst());
  }

  private static String fingerprint(X509Certificate certificate) throws CertificateException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("not an X.509 certificate", e);
    }
  }

  /** Whether the authority signed the certificate. */
  public static boolean signedBy(KeyPairPem certificate, KeyPairPem authority) {
    return signedBy(certificate.certificate(), authority.certificate());
  }

  /** Whether the authority, PEM, signed the certificate, PEM. */
  public static boolean signedBy(String certificate, String authority) {
    try {
      return SIGNATURES.get(
          List.of(certificate, authority),
          () ->
              isSignedBy(
                  Pem.certificates(certificate).getFirst(),
                  Pem.certificates(authority).getFirst()));
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Whether the authority's key made the certificate's signature, whatever their names are. */
  static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The host names that no name of the certificate covers, a wildcard standing for one label. */
  public List<String> missing(Collection<String> hosts) {
    return hosts.stream().filter(host -> !covers(ServerCertificate.canonical(host))).toList();
  }

  private boolean covers(String host) {
    int dot = host.indexOf('.');
    return names.contains(host) || (dot > 0 && names.contains("*" + host.substring(dot)));
  }

  private static Set<String> names(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names == null) {
      return Set.of();
    }
    return names.stream()
        .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean belongTogether(X509Certificate leaf, PrivateKey key) {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    byte[] sample = {1};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(leaf.getPublicKey());
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
