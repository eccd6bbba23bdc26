package dev.berth.registry.http;

import dev.berth.registry.blob.BodyException;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as a stream.
 *
 * @param length -1 where it comes in chunks
 */
record RequestBody(InputStream stream, long length) {

  static RequestBody of(HttpRequest<?> request, @Nullable InputStream body) {
    return body == null
        ? new RequestBody(InputStream.nullInputStream(), 0)
        : new RequestBody(body, request.getContentLength());
  }

  /** Refuses by the declared length, before a byte is read. */
  RequestBody limitedTo(long limit) {
    if (length > limit) {
      throw tooLarge(limit);
    }
    return this;
  }

  /** All of it, where it is known to be small. */
  byte[] readAtMost(int limit) throws IOException {
    limitedTo(limit);
    byte[] read = readUpTo(limit + 1);
    if (read.length > limit) {
      throw tooLarge(limit);
    }
    return read;
  }

  private byte[] readUpTo(int count) throws BodyException {
    try {
      return stream.readNBytes(count);
    } catch (IOException e) {
      throw new BodyException(e);
    }
  }

  private static OciException tooLarge(long limit) {
    return new OciException(
        ErrorCode.SIZE_INVALID, 413, "at most " + limit + " bytes are taken here", Map.of());
  }
}
