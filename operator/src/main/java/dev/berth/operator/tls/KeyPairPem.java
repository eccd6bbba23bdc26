package dev.berth.operator.tls;

/**
 * A certificate and its private key, as a Secret holds them.
 *
 * @param certificate PEM, the leaf first
 * @param key PEM, PKCS#8; never logged
 */
public record KeyPairPem(String certificate, String key) {

  @Override
  public String toString() {
    return "KeyPairPem[certificate]";
  }
}
