package dev.berth.registry.oci;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a blob.
 *
 * @param from first byte
 * @param length at least one
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-range-requests">RFC 9110, section
 *     14</a>
 */
public record ByteRange(long from, long length) {
  private static final Pattern SINGLE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /**
   * What a Range header asks of content of this size. Empty, so that everything is sent, where
   * there is no header, or one that is malformed, of another unit, or for several parts.
   *
   * @throws Unsatisfiable where no byte of the content is in the range, as also where it ends
   *     before it begins
   */
  public static Optional<ByteRange> parse(@Nullable String header, long size) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher matcher = SINGLE.matcher(header);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(last), size));
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
    if (to < from || from >= size) {
      throw new Unsatisfiable();
    }
    return Optional.of(new ByteRange(from, Math.min(to, size - 1) - from + 1));
  }

  private static ByteRange suffix(long length, long size) {
    if (length == 0 || size == 0) {
      throw new Unsatisfiable();
    }
    long clipped = Math.min(length, size);
    return new ByteRange(size - clipped, clipped);
  }

  /** The value of the Content-Range header. */
  public String contentRange(long size) {
    return "bytes " + from + '-' + (from + length - 1) + '/' + size;
  }

  /** The content has no byte in the range. */
  public static final class Unsatisfiable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsatisfiable() {
      super("no byte of the content is in the range", null, false, false);
    }
  }
}
