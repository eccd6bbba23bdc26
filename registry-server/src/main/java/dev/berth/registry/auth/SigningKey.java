package dev.berth.registry.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.berth.registry.tls.EcKeys;
import dev.berth.registry.tls.Pem;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.List;

/**
 * The P-256 key that tokens are signed with, named by its thumbprint, the same on every replica.
 */
public record SigningKey(ECKey key) {
  /** The largest file that is read for one, in bytes. */
  public static final int MAX_FILE_BYTES = 64 << 10;

  /** Reads the one PEM file. */
  public static SigningKey read(List<byte[]> contents) throws IOException {
    PrivateKey key = Pem.privateKey(contents.getFirst());
    if (!(key instanceof ECPrivateKey ec)
        || !Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
      throw new IOException(
          "the signing key must be an EC key of curve P-256, as openssl ecparam -name prime256v1 makes");
    }
    try {
      ECPublicKey publicKey = EcKeys.publicKey(ec).orElseThrow();
      return named(new ECKey.Builder(Curve.P_256, publicKey).privateKey(ec));
    } catch (JOSEException e) {
      throw new IOException("the signing key is no point of curve P-256, make a new one", e);
    }
  }

  /** A key that nobody else has. */
  static SigningKey random() {
    try {
      return named(new ECKey.Builder(new ECKeyGenerator(Curve.P_256).generate()));
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK makes P-256 keys", e);
    }
  }

  private static SigningKey named(ECKey.Builder key) throws JOSEException {
    return new SigningKey(key.keyIDFromThumbprint().build());
  }

  String id() {
    return key.getKeyID();
  }

  @Override
  public String toString() {
    return "SigningKey[" + id() + "]";
  }
}
