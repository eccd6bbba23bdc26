package dev.berth.embedded.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/**
 * An RSA key that signs tokens.
 *
 * @param id a hash of the public key, as kube-apiserver names its own
 */
record TokenKey(String id, KeyPair pair) {
  private static final int BITS = 2048;

  static TokenKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      KeyPair pair = generator.generateKeyPair();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
      return new TokenKey(encode(hash), pair);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA and SHA-256", e);
    }
  }

  /** The public key as RFC 7517 writes it. */
  ObjectNode toJwk() {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    return Json.object()
        .put("use", "sig")
        .put("kty", "RSA")
        .put("kid", id)
        .put("alg", "RS256")
        .put("n", encode(key.getModulus()))
        .put("e", encode(key.getPublicExponent()));
  }

  /** A JSON Web Token of these claims. */
  String sign(ObjectNode claims) {
    ObjectNode header = Json.object().put("alg", "RS256").put("kid", id);
    String signed = encode(Json.write(header)) + "." + encode(Json.write(claims));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK signs with RSA", e);
    }
  }

  /** Without the byte that says that a number is not negative. */
  private static String encode(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int start = bytes[0] == 0 ? 1 : 0;
    byte[] magnitude = new byte[bytes.length - start];
    System.arraycopy(bytes, start, magnitude, 0, magnitude.length);
    return encode(magnitude);
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
