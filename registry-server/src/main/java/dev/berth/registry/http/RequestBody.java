package dev.berth.registry.http;

import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.ServerHttpRequest;
import java.io.InputStream;
import java.util.Map;

/**
 * The body of a request. It is not asked for before the request is let through, so that a client
 * that expects 100 (Continue) is refused without sending it. What nobody reads is read off the
 * connection by the HTTP layer.
 */
record RequestBody(HttpRequest<?> request) {

  /** Opens it once; closing it drops what is left of it. */
  InputStream open(long limit) {
    if (request.getContentLength() > limit) {
      throw tooLarge(limit);
    }
    return request instanceof ServerHttpRequest<?> server
        ? server.byteBody().move().toInputStream()
        : InputStream.nullInputStream();
  }

  private static OciException tooLarge(long limit) {
    return new OciException(
        ErrorCode.SIZE_INVALID, 413, "at most " + limit + " bytes are taken here", Map.of());
  }
}
