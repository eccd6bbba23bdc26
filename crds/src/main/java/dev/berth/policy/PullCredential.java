package dev.berth.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The credential of one namespace for one AccessPolicy. Its password follows from a key that only
 * the operator and the servers of one Registry have, so that neither keeps a list of passwords, and
 * one namespace's says nothing of another's.
 *
 * @param policy {@code namespace/name} of the AccessPolicy
 * @param namespace that the copy is in
 */
public record PullCredential(String policy, String namespace) {
  private static final String PREFIX = "pull/";
  private static final String ALGORITHM = "HmacSHA256";

  /** Bytes of the key, at least. */
  public static final int KEY_BYTES = 32;

  /** The credential that a user name names; empty for a name that is a user's. */
  public static Optional<PullCredential> ofUsername(String username) {
    int last = username.lastIndexOf('/');
    return username.startsWith(PREFIX) && last > PREFIX.length()
        ? Optional.of(
            new PullCredential(
                username.substring(PREFIX.length(), last), username.substring(last + 1)))
        : Optional.empty();
  }

  public String username() {
    return PREFIX + policy + '/' + namespace;
  }

  /**
   * The password of one generation.
   *
   * @param key of the Registry, {@link #KEY_BYTES} or more
   * @param uid of the AccessPolicy
   */
  public String password(byte[] key, String uid, long generation) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      // No part can hold a line feed, so that no two credentials have the same input.
      String input = String.join("\n", policy, namespace, uid, Long.toString(generation));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(input.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
