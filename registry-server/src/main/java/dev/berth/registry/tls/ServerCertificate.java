package dev.berth.registry.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.security.auth.x500.X500Principal;

/** A certificate chain and the key that it is for. */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
  /** The largest file that is read for one, in bytes. */
  public static final int MAX_FILE_BYTES = 1 << 20;

  /** BoringSSL, or the JDK's TLS where there is no library of it for the machine. */
  public static final SslProvider PROVIDER =
      OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;

  /**
   * The store never leaves the memory where the key lies too: the ten thousand rounds that guard a
   * file would only make the start slower.
   */
  private static final String PROTECTION = "PBEWithHmacSHA256AndAES_256";

  private static final PBEParameterSpec ONE_ROUND =
      new PBEParameterSpec(new byte[16], 1, new IvParameterSpec(new byte[16]));

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
        new ServerCertificate(
            path(Pem.certificates(contents.get(0))), Pem.privateKey(contents.get(1)));
    if (!certificate.matches()) {
      throw new IOException(
          "the certificate is not for this key, put the certificate and the key of one request there");
    }
    return certificate;
  }

  /**
   * From the server's own certificate to the last issuer that is there: files hold issuers in any
   * order, and what belongs to other servers.
   */
  private static List<X509Certificate> path(List<X509Certificate> certificates) {
    List<X509Certificate> path = new ArrayList<>(List.of(certificates.getFirst()));
    List<X509Certificate> others = new ArrayList<>(certificates.subList(1, certificates.size()));
    for (Optional<X509Certificate> issuer = Optional.of(path.getFirst()); issuer.isPresent(); ) {
      X500Principal name = path.getLast().getIssuerX500Principal();
      issuer =
          others.stream().filter(other -> other.getSubjectX500Principal().equals(name)).findFirst();
      issuer.ifPresent(path::add);
      issuer.ifPresent(others::remove);
    }
    return path;
  }

  /** The form that TLS engines take. */
  KeyStore keyStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setEntry(
          "server",
          new KeyStore.PrivateKeyEntry(key, chain.toArray(Certificate[]::new)),
          new KeyStore.PasswordProtection(new char[0], PROTECTION, ONE_ROUND));
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

  /** By arithmetic: a signature to try them out would take a cold JVM a tenth of its start. */
  private boolean matches() throws IOException {
    PublicKey publicKey = chain.getFirst().getPublicKey();
    return switch (key) {
      case RSAPrivateKey rsa ->
          publicKey instanceof RSAPublicKey its && rsa.getModulus().equals(its.getModulus());
      case ECPrivateKey ec ->
          publicKey instanceof ECPublicKey its
              && its.getParams().getOrder().equals(ec.getParams().getOrder())
              && EcKeys.publicKey(ec)
                  .orElseThrow(ServerCertificate::otherKey)
                  .getW()
                  .equals(its.getW());
      default -> throw otherKey();
    };
  }

  /**
   * Such as clients would refuse anyhow; a listener whose TLS cannot be set up is not to be there.
   */
  private static IOException otherKey() {
    return new IOException(
        "the key must be RSA, or EC of curve P-256, P-384 or P-521, make another certificate");
  }
}
