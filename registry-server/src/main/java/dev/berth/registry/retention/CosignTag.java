package dev.berth.registry.retention;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.OciException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tags by which cosign finds what belongs to an image where it uses no referrers.
 *
 * @see <a
 *     href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery">Tag-based
 *     discovery</a>
 */
final class CosignTag {
  private static final Pattern FORM =
      Pattern.compile("(sha256|sha512)-([0-9a-f]+)\\.(sig|att|sbom)");

  private CosignTag() {}

  /** The image that a tag is for; empty: it is an ordinary tag. */
  static Optional<Digest> subject(String tag) {
    Matcher form = FORM.matcher(tag);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.parse(form.group(1) + ':' + form.group(2)));
    } catch (OciException _) {
      return Optional.empty();
    }
  }
}
