package dev.berth.registry.http;

import dev.berth.registry.blob.BodyException;
import dev.berth.registry.blob.TooLargeException;
import dev.berth.registry.content.UploadOffsetException;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Turns whatever else than a {@link Refusals refusal} a request ended with into an OCI error. */
@Singleton
final class FaultHandler implements ExceptionHandler<Throwable, HttpResponse<byte[]>> {
  private static final Logger LOG = LoggerFactory.getLogger(FaultHandler.class);

  @Override
  public HttpResponse<byte[]> handle(
      @SuppressWarnings("rawtypes") HttpRequest request, Throwable fault) {
    return answer(request, fault);
  }

  private static HttpResponse<byte[]> answer(HttpRequest<?> request, Throwable fault) {
    return switch (fault) {
      case UploadOffsetException offset -> ErrorAnswer.response(request, outOfOrder(offset));
      case IOException slow when SlowBodyException.isCauseOf(slow) ->
          ErrorAnswer.response(
              request,
              new OciException(
                  ErrorCode.BLOB_UPLOAD_INVALID,
                  408,
                  "the body came too slowly to be waited for; nothing of it was kept, send it again",
                  Map.of()));
      case BodyException _ ->
          ErrorAnswer.response(
              request,
              new OciException(
                  ErrorCode.BLOB_UPLOAD_INVALID, "the body broke off; nothing of it was kept"));
      case TooLargeException large ->
          ErrorAnswer.response(
              request,
              new OciException(
                  ErrorCode.SIZE_INVALID,
                  413,
                  large.getMessage() + " are not taken; the upload was dropped",
                  Map.of()));
      default -> unexpected(request, fault);
    };
  }

  private static OciException outOfOrder(UploadOffsetException offset) {
    return new OciException(
        ErrorCode.BLOB_UPLOAD_INVALID,
        416,
        "the chunk does not follow; " + offset.getMessage(),
        Map.of(
            HttpHeaders.LOCATION, UploadAnswer.location(offset.upload()),
            HttpHeaders.RANGE, UploadAnswer.range(offset.upload().received()),
            Answer.UPLOAD_UUID, offset.upload().id()));
  }

  private static HttpResponse<byte[]> unexpected(HttpRequest<?> request, Throwable fault) {
    String requestId = requestId();
    Map<String, String> detail = Map.of("requestId", requestId);
    if (DiskFull.isCauseOf(fault)) {
      LOG.error("request {}: the disk is full; give the storage more room", requestId, fault);
      return ErrorAnswer.of(
              ErrorCode.UNAVAILABLE,
              "the registry's storage is full; nothing was stored, try again when it has room",
              detail)
          .response(request, ErrorCode.UNAVAILABLE.status(), Map.of());
    }
    LOG.error("request {}: {} failed", requestId, request.getMethodName(), fault);
    return ErrorAnswer.of(
            ErrorCode.UNAVAILABLE,
            "the registry could not do this; its log says why under the request's id",
            detail)
        .response(request, 500, Map.of());
  }

  /** The one that the log lines of this request carry. */
  private static String requestId() {
    String logged = MDC.get("requestId");
    return logged == null ? UUID.randomUUID().toString() : logged;
  }
}
