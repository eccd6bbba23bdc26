package dev.berth.registry.oci;

/** What a manifest is asked for by. */
public sealed interface Reference permits Digest, Tag {

  /**
   * A digest where there is a colon, which no tag may hold.
   *
   * @throws OciException DIGEST_INVALID or MANIFEST_INVALID
   */
  static Reference parse(String text) {
    return text.indexOf(':') >= 0 ? Digest.parse(text) : new Tag(text);
  }
}
