package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemGenerationException;
import org.bouncycastle.util.io.pem.PemObject;

/** A self-signed certificate for this machine, and files that hold it. */
public record TestCertificates(X509Certificate certificate, KeyPair keys) {

  public static TestCertificates ec(String name) {
    return make(name, "EC", "SHA256withECDSA");
  }

  public static TestCertificates rsa(String name) {
    return make(name, "RSA", "SHA256withRSA");
  }

  public static TestCertificates ed25519(String name) {
    return make(name, "Ed25519", "Ed25519");
  }

  private static TestCertificates make(String name, String algorithm, String signature) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      switch (algorithm) {
        case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
        case "RSA" -> generator.initialize(2048);
        default -> {
          // It has one size.
        }
      }
      KeyPair keys = generator.generateKeyPair();
      Instant now = Instant.now();
      X500Name subject = new X500Name("CN=" + name);
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              BigInteger.valueOf(now.toEpochMilli()),
              Date.from(now.minus(1, ChronoUnit.HOURS)),
              Date.from(now.plus(1, ChronoUnit.DAYS)),
              subject,
              keys.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.dNSName, "localhost")
              }));
      return new TestCertificates(
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))),
          keys);
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public byte[] certificatePem() {
    return pem(certificate);
  }

  /** As most tools write keys. */
  public byte[] pkcs8Pem() {
    try {
      return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
    } catch (PemGenerationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** PKCS#1 or SEC 1, as cert-manager and older tools write keys. */
  public byte[] traditionalPem() {
    if (!(keys.getPrivate() instanceof java.security.interfaces.ECPrivateKey key)) {
      return pem(keys.getPrivate());
    }
    try {
      byte[] sec1 = new ECPrivateKey(256, key.getS(), X9ObjectIdentifiers.prime256v1).getEncoded();
      return pem(new PemObject("EC PRIVATE KEY", sec1));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public void writeTo(Path certificate, Path key) throws IOException {
    Files.write(certificate, certificatePem());
    Files.write(key, pkcs8Pem());
  }

  /** What a client needs to trust these and nothing else. */
  public static SSLContext trusting(TestCertificates... trusted) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < trusted.length; i++) {
        store.setCertificateEntry("trusted-" + i, trusted[i].certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString().getBytes(US_ASCII);
  }
}
