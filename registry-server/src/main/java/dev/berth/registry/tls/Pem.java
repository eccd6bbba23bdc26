package dev.berth.registry.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** What PEM files hold. */
public final class Pem {
  private Pem() {}

  /** The certificates of a file, in their order. */
  public static List<X509Certificate> certificates(byte[] pem) throws IOException {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        chain.add((X509Certificate) certificate);
      }
      if (chain.isEmpty()) {
        throw new IOException("the certificate file holds no certificate, it must be PEM");
      }
      return chain;
    } catch (CertificateException e) {
      throw new IOException("the certificate file holds no certificate, it must be PEM", e);
    }
  }

  /** The first private key of a file: PKCS#8, PKCS#1 or SEC 1, not encrypted. */
  public static PrivateKey privateKey(byte[] pem) throws IOException {
    try (PEMParser parser =
        new PEMParser(new InputStreamReader(new ByteArrayInputStream(pem), ISO_8859_1))) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case PrivateKeyInfo key -> {
            return converter.getPrivateKey(key);
          }
          case PEMKeyPair pair -> {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
          }
          default -> {
            // EC parameters or a certificate beside the key.
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // The cause is left out: it may quote what it could not read.
      throw new IOException(
          "the key file holds no readable private key, it must be PEM, not encrypted");
    }
    throw new IOException("the key file holds no private key, it must be PEM, not encrypted");
  }
}
