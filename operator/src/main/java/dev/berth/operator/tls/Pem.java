package dev.berth.operator.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.jspecify.annotations.Nullable;

/**
 * PEM in and out. Keys are written as PKCS#8; PKCS#1 and SEC 1 are read too, since users bring
 * them.
 */
final class Pem {
  private Pem() {}

  static String certificate(X509Certificate certificate) {
    return write(certificate);
  }

  static String privateKey(KeyPair pair) {
    try {
      return write(new JcaPKCS8Generator(pair.getPrivate(), null).generate());
    } catch (IOException e) {
      throw new IllegalStateException("a key of this process always encodes", e);
    }
  }

  /**
   * Reads the certificates in the order of the file, the leaf first.
   *
   * @throws CertificateException when there is none, or one that cannot be read
   */
  static List<X509Certificate> certificates(String pem) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
        if (entry instanceof X509CertificateHolder holder) {
          certificates.add(converter.getCertificate(holder));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CertificateException("not a PEM certificate", e);
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no PEM certificate");
    }
    return certificates;
  }

  /**
   * Reads the first private key.
   *
   * @throws CertificateException when there is none, or it is encrypted or cannot be read
   */
  static PrivateKey privateKey(String pem) throws CertificateException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
        PrivateKey key = privateKey(entry);
        if (key != null) {
          return key;
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CertificateException("not an unencrypted PEM private key", e);
    }
    throw new CertificateException("no unencrypted PEM private key");
  }

  private static @Nullable PrivateKey privateKey(Object entry) throws PEMException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    return switch (entry) {
      case PrivateKeyInfo info -> converter.getPrivateKey(info);
      case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
      default -> null;
    };
  }

  private static String write(Object entry) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(entry);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    return text.toString();
  }
}
