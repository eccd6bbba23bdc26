package dev.berth.operator.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An annotation by which a user orders something once: each new value is one order. */
public enum OrderAnnotation {
  RUN_GARBAGE_COLLECTION("berth.dev/run-garbage-collection"),
  RUN_RETENTION("berth.dev/run-retention"),
  ACKNOWLEDGE_RETENTION("berth.dev/acknowledge-retention");

  /** What people write, as a time or a revision, is shorter. */
  private static final int LONGEST = 128;

  private final String value;

  OrderAnnotation(String value) {
    this.value = value;
  }

  /** The annotation's name. */
  public String value() {
    return value;
  }

  /**
   * What is ordered, as the policy document says it; null: nothing. Of a value that would make the
   * document grow there is its hash.
   */
  public @Nullable String of(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    String order = annotations == null ? null : annotations.get(value);
    if (order == null || order.isBlank()) {
      return null;
    }
    return order.length() <= LONGEST ? order : hash(order);
  }

  private static String hash(String order) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(order.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
