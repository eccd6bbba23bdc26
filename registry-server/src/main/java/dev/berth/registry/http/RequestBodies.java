package dev.berth.registry.http;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.ServerHttpRequest;
import jakarta.inject.Singleton;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bodies of requests. None is asked for before its request is let through, so that a client
 * that expects 100 (Continue) is refused without sending it. What nobody reads is read off the
 * connection by the HTTP layer.
 *
 * <p>Each one that is received holds buffers of its connection until they are on the disk, so that
 * only so many are taken at once: beyond that, all of them would break off for want of memory.
 */
@Singleton
final class RequestBodies {
  private static final long RETRY_AFTER_SECONDS = 5;

  private final int most;
  private final Semaphore free;

  RequestBodies(RegistryConfiguration configuration) {
    this.most = configuration.limits().connections().bodies();
    this.free = new Semaphore(most);
  }

  /**
   * Opens the body of a request, once; closing it drops what is left of it.
   *
   * @throws OciException SIZE_INVALID, or UNAVAILABLE while there are too many others
   */
  InputStream open(HttpRequest<?> request, long limit) {
    long length = request.getContentLength();
    if (length > limit) {
      throw tooLarge(limit);
    }
    if (length == 0 || !(request instanceof ServerHttpRequest<?> server)) {
      return InputStream.nullInputStream();
    }
    if (!free.tryAcquire()) {
      throw OciException.busy(
          most + " others are sending at the moment; send it again in a while",
          RETRY_AFTER_SECONDS);
    }
    try {
      return new Counted(server.byteBody().move().toInputStream());
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
  }

  private static OciException tooLarge(long limit) {
    return new OciException(
        ErrorCode.SIZE_INVALID, 413, "at most " + limit + " bytes are taken here", Map.of());
  }

  private final class Counted extends FilterInputStream {
    private final AtomicBoolean closed = new AtomicBoolean();

    private Counted(InputStream body) {
      super(body);
    }

    @Override
    public void close() throws IOException {
      if (closed.compareAndSet(false, true)) {
        try {
          super.close();
        } finally {
          free.release();
        }
      }
    }
  }
}
