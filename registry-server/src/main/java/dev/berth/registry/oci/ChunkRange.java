package dev.berth.registry.oci;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a chunk in an upload, both ends included.
 *
 * @see <a
 *     href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks">Pushing
 *     in chunks</a>
 */
public record ChunkRange(long first, long last) {
  private static final Pattern GRAMMAR =
      Pattern.compile("(?:bytes )?([0-9]{1,18})-([0-9]{1,18})(?:/(?:[0-9]{1,18}|\\*))?");

  /**
   * Reads the Content-Range of a PATCH or PUT.
   *
   * @return empty for a streamed upload, which has no such header
   * @throws OciException BLOB_UPLOAD_INVALID
   */
  public static Optional<ChunkRange> parse(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher matcher = GRAMMAR.matcher(header.strip());
    if (!matcher.matches()) {
      throw malformed();
    }
    ChunkRange range =
        new ChunkRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    if (range.last < range.first) {
      throw malformed();
    }
    return Optional.of(range);
  }

  public long length() {
    return last - first + 1;
  }

  private static OciException malformed() {
    return new OciException(
        ErrorCode.BLOB_UPLOAD_INVALID, "Content-Range is <first byte>-<last byte>");
  }
}
