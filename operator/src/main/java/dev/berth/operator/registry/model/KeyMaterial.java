package dev.berth.operator.registry.model;

import dev.berth.operator.tls.Authorities;
import dev.berth.operator.tls.CaRotation;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import dev.berth.operator.tls.RotationOrder;
import dev.berth.policy.PullCredential;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
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
 * What a registry keeps secret, in its keys Secret.
 *
 * @param signingKey PEM of the key that all replicas sign tokens with
 * @param managementToken what the operator shows to the management port
 * @param pullSecretsKey base64 of the key that the passwords of pull secrets follow from
 * @param management certificate of the management port, which the operator pins
 * @param previousManagement PEM of the one before, which a replica may still serve; null: none
 * @param authorities the registry's own CA, and another one while it is rotated
 * @param order the last order to rotate that was taken; null: none yet
 */
public record KeyMaterial(
    String signingKey,
    String managementToken,
    String pullSecretsKey,
    KeyPairPem management,
    @Nullable String previousManagement,
    Authorities authorities,
    @Nullable RotationOrder order) {

  public static final String SIGNING_KEY = "signing.pem";
  public static final String MANAGEMENT_TOKEN = "management.token";
  public static final String PULL_SECRETS_KEY = "pull-secrets.key";
  public static final String MANAGEMENT_CERTIFICATE = "management.crt";
  public static final String MANAGEMENT_KEY = "management.key";
  public static final String AUTHORITY_CERTIFICATE = AuthorityKeys.CERTIFICATE;
  private static final String PREVIOUS_MANAGEMENT = "previous-management.crt";

  private static final Duration MANAGEMENT_VALIDITY = Duration.ofDays(3650);

  /** What a header takes; the server reads the whole file. */
  private static final Predicate<String> TOKEN =
      Pattern.compile("[\\x21-\\x7e]{32,}").asMatchPredicate();

  private static final Logger LOG = LoggerFactory.getLogger(KeyMaterial.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Keeps what there is, and makes what is missing, due or cannot be used: nothing can be decided
   * or trusted by a damaged key any more, and a registry that waited for it would never serve
   * again.
   *
   * @param kept value of a key of the keys Secret; null where there is none
   */
  public static KeyMaterial complete(
      RegistryNames names, CertificateIssuer issuer, UnaryOperator<@Nullable String> kept) {
    String signingKey = usable(names, SIGNING_KEY, kept.apply(SIGNING_KEY), issuer::isSigningKey);
    String token = usable(names, MANAGEMENT_TOKEN, kept.apply(MANAGEMENT_TOKEN), TOKEN);
    String pullSecrets =
        usable(
            names, PULL_SECRETS_KEY, kept.apply(PULL_SECRETS_KEY), KeyMaterial::isPullSecretsKey);
    KeyPairPem management =
        usable(
            names,
            MANAGEMENT_CERTIFICATE,
            pair(kept, MANAGEMENT_CERTIFICATE, MANAGEMENT_KEY),
            issuer::isValidNow);
    boolean renewed = management == null || issuer.isDue(management);
    String before =
        renewed && management != null ? management.certificate() : kept.apply(PREVIOUS_MANAGEMENT);
    Authorities authorities =
        AuthorityKeys.read(
            authority(names, issuer, kept, AuthorityKeys.CERTIFICATE, AuthorityKeys.KEY),
            authority(names, issuer, kept, AuthorityKeys.NEXT_CERTIFICATE, AuthorityKeys.NEXT_KEY),
            kept);
    return new KeyMaterial(
        signingKey == null ? issuer.signingKey() : signingKey,
        token == null ? token() : token,
        pullSecrets == null ? newPullSecretsKey() : pullSecrets,
        management == null || renewed
            ? issuer.selfSigned(List.of(names.managementService()), MANAGEMENT_VALIDITY)
            : management,
        before != null && issuer.isValidNow(before) ? before : null,
        authorities == null
            ? new Authorities.Stable(issuer.authority(names.authorityName(), CaRotation.VALIDITY))
            : authorities,
        AuthorityKeys.order(kept));
  }

  /** The same, with other authorities. */
  KeyMaterial with(Authorities newAuthorities, @Nullable RotationOrder newOrder) {
    return new KeyMaterial(
        signingKey,
        managementToken,
        pullSecretsKey,
        management,
        previousManagement,
        newAuthorities,
        newOrder);
  }

  /** PEM of every certificate that a management port of this registry may present. */
  public String managementPins() {
    return previousManagement == null
        ? management.certificate()
        : management.certificate() + "\n" + previousManagement;
  }

  /** What the keys Secret holds. */
  public Map<String, String> data() {
    Map<String, String> data = new TreeMap<>();
    data.put(SIGNING_KEY, signingKey);
    data.put(MANAGEMENT_TOKEN, managementToken);
    data.put(PULL_SECRETS_KEY, pullSecretsKey);
    data.put(MANAGEMENT_CERTIFICATE, management.certificate());
    data.put(MANAGEMENT_KEY, management.key());
    if (previousManagement != null) {
      data.put(PREVIOUS_MANAGEMENT, previousManagement);
    }
    AuthorityKeys.write(authorities, data);
    AuthorityKeys.write(order, data);
    return data;
  }

  private static @Nullable KeyPairPem authority(
      RegistryNames names,
      CertificateIssuer issuer,
      UnaryOperator<@Nullable String> kept,
      String certificate,
      String key) {
    return usable(names, certificate, pair(kept, certificate, key), issuer::isAuthority);
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
    return HexFormat.of().formatHex(random(32));
  }

  private static String newPullSecretsKey() {
    return Base64.getEncoder().encodeToString(random(PullCredential.KEY_BYTES));
  }

  private static boolean isPullSecretsKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length >= PullCredential.KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @Override
  public String toString() {
    return "KeyMaterial[]";
  }
}
