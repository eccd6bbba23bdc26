package dev.berth.operator.registry.model;

import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a registry keeps secret, made once and kept in its keys Secret.
 *
 * @param signingKey PEM of the key that all replicas sign tokens with
 * @param managementToken what the operator shows to the management port
 * @param management certificate of the management port, which the operator pins
 * @param authority the registry's own CA
 */
public record KeyMaterial(
    String signingKey, String managementToken, KeyPairPem management, KeyPairPem authority) {

  public static final String SIGNING_KEY = "signing.pem";
  public static final String MANAGEMENT_TOKEN = "management.token";
  public static final String MANAGEMENT_CERTIFICATE = "management.crt";
  public static final String MANAGEMENT_KEY = "management.key";
  private static final String AUTHORITY_CERTIFICATE = "ca.crt";
  private static final String AUTHORITY_KEY = "ca.key";

  private static final Duration VALIDITY = Duration.ofDays(3650);

  /** What a header takes; the server reads the whole file. */
  private static final Predicate<String> TOKEN =
      Pattern.compile("[\\x21-\\x7e]{32,}").asMatchPredicate();

  private static final Logger LOG = LoggerFactory.getLogger(KeyMaterial.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Keeps what there is, and makes what is missing or cannot be used: nothing can be decided or
   * trusted by a damaged key any more, and a registry that waited for it would never serve again.
   *
   * @param kept value of a key of the keys Secret; null where there is none
   */
  public static KeyMaterial complete(
      RegistryNames names, CertificateIssuer issuer, UnaryOperator<@Nullable String> kept) {
    String signingKey = usable(names, SIGNING_KEY, kept.apply(SIGNING_KEY), issuer::isSigningKey);
    String token = usable(names, MANAGEMENT_TOKEN, kept.apply(MANAGEMENT_TOKEN), TOKEN);
    KeyPairPem management =
        usable(
            names,
            MANAGEMENT_CERTIFICATE,
            pair(kept, MANAGEMENT_CERTIFICATE, MANAGEMENT_KEY),
            issuer::isValidNow);
    KeyPairPem authority =
        usable(
            names,
            AUTHORITY_CERTIFICATE,
            pair(kept, AUTHORITY_CERTIFICATE, AUTHORITY_KEY),
            issuer::isAuthority);
    return new KeyMaterial(
        signingKey == null ? issuer.signingKey() : signingKey,
        token == null ? token() : token,
        management == null
            ? issuer.selfSigned(List.of(names.managementService()), VALIDITY)
            : management,
        authority == null
            ? issuer.authority("Berth %s/%s".formatted(names.namespace(), names.name()), VALIDITY)
            : authority);
  }

  /** What the keys Secret holds. */
  public Map<String, String> data() {
    Map<String, String> data = new TreeMap<>();
    data.put(SIGNING_KEY, signingKey);
    data.put(MANAGEMENT_TOKEN, managementToken);
    data.put(MANAGEMENT_CERTIFICATE, management.certificate());
    data.put(MANAGEMENT_KEY, management.key());
    data.put(AUTHORITY_CERTIFICATE, authority.certificate());
    data.put(AUTHORITY_KEY, authority.key());
    return data;
  }

  private static <T> @Nullable T usable(
      RegistryNames names, String key, @Nullable T kept, Predicate<T> check) {
    if (kept == null || check.test(kept)) {
      return kept;
    }
    LOG.warn(
        "registry {}/{}: {} in Secret {} cannot be used, and is made anew",
        names.namespace(),
        names.name(),
        key,
        names.keys());
    return null;
  }

  private static @Nullable KeyPairPem pair(
      UnaryOperator<@Nullable String> kept, String certificateKey, String privateKey) {
    String certificate = kept.apply(certificateKey);
    String key = kept.apply(privateKey);
    return certificate == null || key == null ? null : new KeyPairPem(certificate, key);
  }

  private static String token() {
    byte[] token = new byte[32];
    RANDOM.nextBytes(token);
    return HexFormat.of().formatHex(token);
  }

  @Override
  public String toString() {
    return "KeyMaterial[]";
  }
}
