package dev.berth.registry.oci;

import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What content is known by: algorithm and lower-case hexadecimal hash.
 *
 * @see <a
 *     href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests">Digests</a>
 */
public record Digest(DigestAlgorithm algorithm, String hex) implements Reference {

  /**
   * The only way in: a digest that exists is well formed, so that it may become part of a path.
   *
   * @throws OciException DIGEST_INVALID
   */
  public Digest {
    if (hex.length() != algorithm.hexLength() || !hex.chars().allMatch(Digest::isLowerHex)) {
      throw invalid();
    }
  }

  /**
   * Reads {@code algorithm:hex}.
   *
   * @throws OciException DIGEST_INVALID
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw invalid();
    }
    DigestAlgorithm algorithm =
        DigestAlgorithm.labelled(text.substring(0, colon)).orElseThrow(Digest::invalid);
    return new Digest(algorithm, text.substring(colon + 1));
  }

  /** Ends the hasher's run. */
  public static Digest of(DigestAlgorithm algorithm, MessageDigest hasher) {
    return new Digest(algorithm, HexFormat.of().formatHex(hasher.digest()));
  }

  public static Digest of(DigestAlgorithm algorithm, byte[] content) {
    MessageDigest hasher = algorithm.hasher();
    hasher.update(content);
    return of(algorithm, hasher);
  }

  private static boolean isLowerHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  private static OciException invalid() {
    return new OciException(
        ErrorCode.DIGEST_INVALID,
        "a digest is sha256: and 64, or sha512: and 128 lower-case hexadecimal digits");
  }

  @Override
  public String toString() {
    return algorithm.label() + ':' + hex;
  }
}
