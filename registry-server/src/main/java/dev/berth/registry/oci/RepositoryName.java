package dev.berth.registry.oci;

import java.util.regex.Pattern;

/**
 * The name of a repository by the grammar of the OCI distribution specification, at most 255
 * characters.
 *
 * @see <a
 *     href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests">Names</a>
 */
public record RepositoryName(String value) {
  private static final int MAX_LENGTH = 255;
  private static final Pattern PART = Pattern.compile("[a-z0-9._/-]*+");
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "[a-z0-9]++(?:(?:\\.|_|__|-++)[a-z0-9]++)*+(?:/[a-z0-9]++(?:(?:\\.|_|__|-++)[a-z0-9]++)*+)*+");

  /**
   * The only way in: a name that exists is a valid one.
   *
   * @throws OciException NAME_INVALID
   */
  public RepositoryName {
    if (value.length() > MAX_LENGTH || !GRAMMAR.matcher(value).matches()) {
      throw new OciException(
          ErrorCode.NAME_INVALID,
          "a repository name is lower-case letters, digits and single . _ - between them, in parts separated by /,"
              + " at most 255 characters");
    }
  }

  /** Whether a name could have this text in it. */
  public static boolean mayHold(String text) {
    return text.length() <= MAX_LENGTH && PART.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
