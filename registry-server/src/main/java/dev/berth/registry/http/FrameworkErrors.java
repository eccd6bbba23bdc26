package dev.berth.registry.http;

import dev.berth.registry.oci.ErrorCode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import jakarta.inject.Singleton;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the refusals of the HTTP layer itself, such as an unknown route, the body of OCI errors.
 */
@Singleton
final class FrameworkErrors implements ErrorResponseProcessor<byte[]> {

  private static final int TOO_LARGE = 413;
  private static final Logger LOG = LoggerFactory.getLogger(FrameworkErrors.class);

  @Override
  public MutableHttpResponse<byte[]> processResponse(
      ErrorContext context, MutableHttpResponse<?> base) {
    int status = base.code() == TOO_LARGE ? tooLarge(context.getRequest()) : base.code();
    if (LOG.isDebugEnabled()) {
      LOG.debug("{}: {}", status, context.getErrors(), context.getRootCause().orElse(null));
    }
    MutableHttpResponse<byte[]> response =
        answer(status).response(context.getRequest(), status, Map.of());
    base.getHeaders().forEachValue(response::header);
    base.getAttributes().forEach(response::setAttribute);
    return response;
  }

  /** The framework has one status for all that the decoder found too long. */
  private static int tooLarge(HttpRequest<?> request) {
    Throwable cause =
        request instanceof NettyHttpRequest<?> netty
            ? netty.getNativeRequest().decoderResult().cause()
            : null;
    return switch (cause) {
      case TooLongHttpLineException _ -> HttpStatus.REQUEST_URI_TOO_LONG.getCode();
      case TooLongHttpHeaderException _ -> HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.getCode();
      case null, default -> TOO_LARGE;
    };
  }

  private static ErrorAnswer answer(int status) {
    return switch (status) {
      case 404 -> error(ErrorCode.NAME_UNKNOWN, "there is nothing under this path");
      case 405 -> error(ErrorCode.UNSUPPORTED, "this path does not take this method");
      case 413 -> error(ErrorCode.SIZE_INVALID, "the request is too large");
      case 414 -> error(ErrorCode.SIZE_INVALID, "the request's path and query are too long");
      case 431 -> error(ErrorCode.SIZE_INVALID, "the request's headers are too large");
      case 500, 503 -> error(ErrorCode.UNAVAILABLE, "the registry could not do this");
      default -> error(ErrorCode.UNSUPPORTED, "the request cannot be understood");
    };
  }

  private static ErrorAnswer error(ErrorCode code, String message) {
    return ErrorAnswer.of(code, message, Map.of());
  }
}
