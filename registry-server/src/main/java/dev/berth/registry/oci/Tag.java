package dev.berth.registry.oci;

import java.util.regex.Pattern;

/** A name for a manifest that may move to another one. */
public record Tag(String value) implements Reference {
  private static final Pattern GRAMMAR = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}+");

  /**
   * The only way in: a tag that exists is a valid one.
   *
   * @throws OciException MANIFEST_INVALID
   */
  public Tag {
    if (!GRAMMAR.matcher(value).matches()) {
      throw new OciException(
          ErrorCode.MANIFEST_INVALID,
          "a tag is a letter, a digit or _, then at most 127 of letters, digits and . _ -");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
