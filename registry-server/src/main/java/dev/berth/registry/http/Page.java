package dev.berth.registry.http;

import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a listing is asked for.
 *
 * @param size entries wanted
 * @param last the entry before the first one wanted
 */
record Page(int size, @Nullable String last) {

  static Page of(HttpRequest<?> request, int maxSize) {
    String n = request.getParameters().get("n");
    return new Page(
        n == null ? maxSize : Math.min(parse(n), maxSize), request.getParameters().get("last"));
  }

  private static int parse(String n) {
    try {
      return Math.clamp(Long.parseUnsignedLong(n), 0, Integer.MAX_VALUE);
    } catch (NumberFormatException e) {
      throw new OciException(ErrorCode.UNSUPPORTED, 400, "n is a number, not negative", Map.of());
    }
  }

  /** One more than wanted, to see whether there is a next page. */
  int probe() {
    return size == 0 ? 0 : size + 1;
  }

  <T> List<T> cut(List<T> probed) {
    return probed.size() > size ? probed.subList(0, size) : probed;
  }

  /** Adds the Link to the page that follows the last entry shown. */
  void link(MutableHttpResponse<?> response, String path, String lastShown, String filter) {
    response.header(
        HttpHeaders.LINK,
        '<'
            + path
            + "?n="
            + size
            + "&last="
            + URLEncoder.encode(lastShown, StandardCharsets.UTF_8)
            + filter
            + ">; rel=\"next\"");
  }
}
