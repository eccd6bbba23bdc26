package dev.berth.registry.body;

import dev.berth.registry.blob.BodyException;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.ServerHttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Bodies of one kind that are held in memory: a form, a document. However many clients send one,
 * and however slowly, only so many are.
 */
public final class WholeBodies {
  private static final long RETRY_AFTER_SECONDS = 5;

  private final Semaphore free;
  private final int mostBytes;

  public WholeBodies(int atOnce, int mostBytes) {
    this.free = new Semaphore(atOnce);
    this.mostBytes = mostBytes;
  }

  /**
   * Reads the body of a request; blocks for as long as its client takes.
   *
   * @throws OciException SIZE_INVALID, before anything is read where the client says its length;
   *     UNAVAILABLE while there are too many others
   * @throws BodyException where it breaks off
   */
  public byte[] read(HttpRequest<?> request) throws IOException {
    if (request.getContentLength() > mostBytes) {
      throw tooLarge();
    }
    if (!(request instanceof ServerHttpRequest<?> server)) {
      return new byte[0];
    }
    if (!free.tryAcquire()) {
      throw OciException.busy(
          "too many others are sending at the moment; send it again in a while",
          RETRY_AFTER_SECONDS);
    }
    try (InputStream body = server.byteBody().move().toInputStream()) {
      byte[] bytes = body.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw tooLarge();
      }
      return bytes;
    } catch (IOException e) {
      throw new BodyException(e);
    } finally {
      free.release();
    }
  }

  private OciException tooLarge() {
    return new OciException(
        ErrorCode.SIZE_INVALID, 413, "at most " + mostBytes + " bytes are taken here", Map.of());
  }
}
