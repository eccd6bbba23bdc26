package dev.berth.operator.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes EC P-256 certificates: authorities, certificates of an authority, and self-signed ones to
 * be pinned.
 */
public final class CertificateIssuer {

  /** Clocks differ: what was just issued is valid for a node whose clock is this much behind. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  /**
   * An authority that were not valid yet, by a clock that was set back, would have to be replaced,
   * and nobody trusts the next at once.
   */
  private static final Duration AUTHORITY_BACKDATED = Duration.ofDays(1);

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public CertificateIssuer(Clock clock) {
    this.clock = clock;
  }

  /** A new authority that may sign certificates of servers, but no further authority. */
  public KeyPairPem authority(String name, Duration validity) {
    return make(
        (pair) -> {
          // Two authorities of a registry are trusted at times: clients tell them by their subject.
          X500Principal subject =
              new X500Principal(
                  "CN=%s, SERIALNUMBER=%016x".formatted(shortened(name), random.nextLong()));
          X509v3CertificateBuilder builder =
              builder(subject, subject, pair.getPublic(), validity, AUTHORITY_BACKDATED);
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
          builder.addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
          builder.addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
          return signed(builder, pair.getPrivate());
        });
  }

  /**
   * A new server certificate for the names (DNS names or IP addresses), signed by the authority.
   */
  public KeyPairPem issue(KeyPairPem authority, Collection<String> names, Duration validity)
      throws CertificateException {
    X509Certificate issuer = Pem.certificates(authority.certificate()).getFirst();
    PrivateKey issuerKey = Pem.privateKey(authority.key());
    return make(
        (pair) -> {
          X509v3CertificateBuilder builder =
              builder(
                  issuer.getSubjectX500Principal(),
                  subject(names),
                  pair.getPublic(),
                  validity,
                  BACKDATED);
          asServer(builder, names);
          builder.addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer));
          return signed(builder, issuerKey);
        });
  }

  /** A server certificate that signs itself, for a peer that pins it. */
  public KeyPairPem selfSigned(Collection<String> names, Duration validity) {
    return make(
        (pair) -> {
          X509v3CertificateBuilder builder =
              builder(subject(names), subject(names), pair.getPublic(), validity, BACKDATED);
          asServer(builder, names);
          return signed(builder, pair.getPrivate());
        });
  }

  /** A private key for signing tokens: EC P-256, PKCS#8 PEM. */
  public String signingKey() {
    try {
      return Pem.privateKey(keyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes P-256 keys", e);
    }
  }

  /** Whether tokens can be signed with the key. */
  public boolean isSigningKey(String pem) {
    try {
      return Pem.privateKey(pem) instanceof ECPrivateKey key
          && key.getParams().getCurve().getField().getFieldSize() == 256;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Whether certificates can be issued with it. Its time is not looked at: clocks jump. */
  public boolean isAuthority(KeyPairPem pair) {
    try {
      CertificateFacts.of(pair);
      return Pem.certificates(pair.certificate()).getFirst().getBasicConstraints() >= 0;
    } catch (CertificateException e) {
      return false;
    }
  }

  /**
   * Whether the certificate and its key can be read, belong together and are valid at this time.
   */
  public boolean isValidNow(KeyPairPem pair) {
    try {
      CertificateFacts facts = CertificateFacts.of(pair);
      Instant now = clock.instant();
      return !now.isBefore(facts.notBefore()) && now.isBefore(facts.notAfter());
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Whether the PEM holds a certificate that is valid at this time. */
  public boolean isValidNow(String certificate) {
    try {
      Pem.certificates(certificate).getFirst().checkValidity(Date.from(clock.instant()));
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Whether it is time to renew a certificate that can be read. */
  public boolean isDue(KeyPairPem pair) {
    try {
      return !clock.instant().isBefore(ServerCertificate.renewsAt(CertificateFacts.of(pair)));
    } catch (CertificateException e) {
      return true;
    }
  }

  private interface Certificate {
    X509Certificate of(KeyPair pair)
        throws GeneralSecurityException, CertIOException, OperatorCreationException;
  }

  private KeyPairPem make(Certificate certificate) {
    try {
      KeyPair pair = keyPair();
      return new KeyPairPem(Pem.certificate(certificate.of(pair)), Pem.privateKey(pair));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("every JDK signs P-256 certificates", e);
    }
  }

  private KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private X509v3CertificateBuilder builder(
      X500Principal issuer,
      X500Principal subject,
      PublicKey key,
      Duration validity,
      Duration backdated) {
    Instant now = clock.instant();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, random),
        Date.from(now.minus(backdated)),
        Date.from(now.plus(validity)),
        subject,
        key);
  }

  /** A common name holds 64 characters at most; clients look at the alternative names alone. */
  private static X500Principal subject(Collection<String> names) {
    String first = names.iterator().next();
    return new X500Principal("CN=" + (first.length() > 64 ? "registry" : first));
  }

  private static String shortened(String name) {
    return name.length() > 64 ? name.substring(0, 64) : name;
  }

  private static void asServer(X509v3CertificateBuilder builder, Collection<String> names)
      throws CertIOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            names.stream()
                .distinct()
                .map(CertificateIssuer::alternativeName)
                .toArray(GeneralName[]::new)));
  }

  private static GeneralName alternativeName(String name) {
    boolean address = isAddress(name);
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  /** Whether the name is a literal IPv4 or IPv6 address; nothing is looked up. */
  public static boolean isAddress(String name) {
    try {
      InetAddress.ofLiteral(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, CertificateException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }
}
