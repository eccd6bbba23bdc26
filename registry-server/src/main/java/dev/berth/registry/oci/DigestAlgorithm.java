package dev.berth.registry.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** The hash functions that the OCI image specification registers. */
public enum DigestAlgorithm {
  SHA256("sha256", "SHA-256", 64),
  SHA512("sha512", "SHA-512", 128);

  private final String label;
  private final String javaName;
  private final int hexLength;

  DigestAlgorithm(String label, String javaName, int hexLength) {
    this.label = label;
    this.javaName = javaName;
    this.hexLength = hexLength;
  }

  /** The algorithm that a digest names before its colon. */
  public static Optional<DigestAlgorithm> labelled(String label) {
    return Arrays.stream(values()).filter(known -> known.label.equals(label)).findFirst();
  }

  /**
   * The algorithm that an upload announces.
   *
   * @throws OciException DIGEST_INVALID
   */
  public static DigestAlgorithm parse(String label) {
    return labelled(label)
        .orElseThrow(
            () ->
                new OciException(
                    ErrorCode.DIGEST_INVALID, "the digest algorithms are sha256 and sha512"));
  }

  public String label() {
    return label;
  }

  int hexLength() {
    return hexLength;
  }

  public MessageDigest hasher() {
    try {
      return MessageDigest.getInstance(javaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks " + javaName, e);
    }
  }
}
