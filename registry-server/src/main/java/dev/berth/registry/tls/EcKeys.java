package dev.berth.registry.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * Public halves of elliptic curve keys. A PEM key need not hold its own; it follows from the
 * private one by a multiplication, which costs a cold JVM far less than the JDK's signatures do.
 */
public final class EcKeys {
  private EcKeys() {}

  /**
   * The public key of a private one.
   *
   * @return empty when the curve is none of NIST's P-256, P-384 and P-521
   */
  public static Optional<ECPublicKey> publicKey(ECPrivateKey key) {
    Optional<X9ECParameters> curve =
        Stream.of("secp256r1", "secp384r1", "secp521r1")
            .map(CustomNamedCurves::getByName)
            .filter(candidate -> candidate.getN().equals(key.getParams().getOrder()))
            .findFirst();
    if (curve.isEmpty()) {
      return Optional.empty();
    }
    var point = new FixedPointCombMultiplier().multiply(curve.get().getG(), key.getS()).normalize();
    BigInteger x = point.getAffineXCoord().toBigInteger();
    BigInteger y = point.getAffineYCoord().toBigInteger();
    try {
      return Optional.of(
          (ECPublicKey)
              KeyFactory.getInstance("EC")
                  .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), key.getParams())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK takes a point of its own curve", e);
    }
  }
}
