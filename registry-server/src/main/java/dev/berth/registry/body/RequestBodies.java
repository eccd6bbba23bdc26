package dev.berth.registry.body;

import dev.berth.registry.blob.BodyException;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.ServerHttpRequest;
import jakarta.inject.Inject;
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
 * <p>Each one that is received holds memory until all of it is there or on the disk, so that only
 * so many of a kind are taken at once: beyond that, all of them would break off for want of it.
 */
@Singleton
public final class RequestBodies {
  private static final long RETRY_AFTER_SECONDS = 5;

  private final int most;
  private final Semaphore free;

  /** Those of pushes. */
  @Inject
  RequestBodies(RegistryConfiguration configuration) {
    this(configuration.limits().connections().bodies());
  }

  /** Those of another kind, which neither wait for pushes nor keep them waiting. */
  public RequestBodies(int most) {
    this.most = most;
    this.free = new Semaphore(most);
  }

  /**
   * Opens the body of a request, once; closing it drops what is left of it.
   *
   * @throws OciException SIZE_INVALID, or UNAVAILABLE while there are too many others
   */
  public InputStream open(HttpRequest<?> request, long limit) {
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

  /**
   * Reads the whole body of a request; blocks for as long as its client takes.
   *
   * @throws OciException as {@link #open} does
   * @throws BodyException where it breaks off
   */
  public byte[] read(HttpRequest<?> request, int limit) throws IOException {
    try (InputStream body = open(request, limit)) {
      byte[] bytes = body.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw tooLarge(limit);
      }
      return bytes;
    } catch (IOException e) {
      throw new BodyException(e);
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
