package dev.berth.registry.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** What PEM files hold. */
public final class Pem {
  private Pem() {}

  /** The certificates of a file, in their order; a key between them is passed over. */
  public static List<X509Certificate> certificates(byte[] pem) throws IOException {
    List<X509Certificate> chain = new ArrayList<>();
    try (PEMParser parser = parser(pem)) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof X509CertificateHolder certificate) {
          chain.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(certificate.getEncoded())));
        }
      }
    } catch (IOException | CertificateException | RuntimeException e) {
      // The cause is left out: it may quote a key that is there too.
      throw new IOException("the certificate file cannot be read, it must be PEM");
    }
    if (chain.isEmpty()) {
      throw new IOException("the certificate file holds no certificate, it must be PEM");
    }
    return chain;
  }

  /** The first private key of a file: PKCS#8, PKCS#1 or SEC 1, not encrypted. */
  public static PrivateKey privateKey(byte[] pem) throws IOException {
    try (PEMParser parser = parser(pem)) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case PrivateKeyInfo key -> {
            return decoded(key);
          }
          case PEMKeyPair pair -> {
            return decoded(pair.getPrivateKeyInfo());
          }
          default -> {
            // EC parameters or a certificate beside the key.
          }
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // The cause is left out: it may quote what it could not read.
      throw new IOException(
          "the key file holds no readable private key, it must be PEM, not encrypted");
    }
    throw new IOException("the key file holds no private key, it must be PEM, not encrypted");
  }

  private static PEMParser parser(byte[] pem) {
    return new PEMParser(new InputStreamReader(new ByteArrayInputStream(pem), ISO_8859_1));
  }

  /** By the JDK's own providers: BouncyCastle's is a signed jar, slow to load, and not needed. */
  private static PrivateKey decoded(PrivateKeyInfo key)
      throws IOException, GeneralSecurityException {
    ASN1ObjectIdentifier algorithm = key.getPrivateKeyAlgorithm().getAlgorithm();
    String name = algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : algorithm.getId();
    return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
  }
}
