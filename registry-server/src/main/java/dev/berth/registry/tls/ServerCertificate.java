package dev.berth.registry.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/** A certificate chain and the key that it is for. */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
  /** The largest file that is read for one, in bytes. */
  public static final int MAX_FILE_BYTES = 1 << 20;

  public ServerCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads both files.
   *
   * @param contents of the certificate file and of the key file
   * @throws IOException when one cannot be read, or they do not match
   */
  public static ServerCertificate read(List<byte[]> contents) throws IOException {
    ServerCertificate certificate =
        new ServerCertificate(Pem.certificates(contents.get(0)), Pem.privateKey(contents.get(1)));
    if (!certificate.matches()) {
      throw new IOException(
          "the certificate is not for this key, put the certificate and the key of one request there");
    }
    return certificate;
  }

  /** The form that TLS engines take. */
  KeyStore keyStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, new char[0], chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory takes any key that was read", e);
    }
  }

  /** SHA-256 of the server's own certificate, hex. */
  String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(chain.getFirst().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  private boolean matches() {
    PublicKey publicKey = chain.getFirst().getPublicKey();
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    try {
      Signature signature = Signature.getInstance(signatureAlgorithm());
      signature.initSign(key);
      signature.update(challenge);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(challenge);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private String signatureAlgorithm() {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
