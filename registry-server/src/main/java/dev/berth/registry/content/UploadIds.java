package dev.berth.registry.content;

import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes ids of sessions that prove themselves: when a session began, for which repository, and that
 * this registry began it. So a session costs nothing before its first byte, and no client can make
 * one up. Time, random bytes and a signature, in base64url.
 */
@Singleton
final class UploadIds {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int RANDOM_BYTES = 9;
  private static final int SIGNED_BYTES = Long.BYTES + RANDOM_BYTES;
  private static final int SIGNATURE_BYTES = 16;
  private static final int BYTES = SIGNED_BYTES + SIGNATURE_BYTES;

  /** No bit is spare, so that an id is written in one way alone. */
  private static final int CHARACTERS = BYTES / 3 * 4;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;

  UploadIds(MetadataStore metadata) {
    this.key = new SecretKeySpec(metadata.uploads().signingKey(), ALGORITHM);
  }

  String issue(RepositoryName repository, Instant now) {
    byte[] noise = new byte[RANDOM_BYTES];
    random.nextBytes(noise);
    ByteBuffer id = ByteBuffer.allocate(BYTES).putLong(now.toEpochMilli()).put(noise);
    id.put(signature(id.array(), repository));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id.array());
  }

  /** When the session began; empty where the id is none of this repository. */
  Optional<Instant> begun(RepositoryName repository, String id) {
    if (id.length() != CHARACTERS) {
      return Optional.empty();
    }
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(id);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    byte[] given = Arrays.copyOfRange(decoded, SIGNED_BYTES, BYTES);
    return MessageDigest.isEqual(signature(decoded, repository), given)
        ? Optional.of(Instant.ofEpochMilli(ByteBuffer.wrap(decoded).getLong()))
        : Optional.empty();
  }

  private byte[] signature(byte[] id, RepositoryName repository) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(id, 0, SIGNED_BYTES);
      mac.update(repository.value().getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
