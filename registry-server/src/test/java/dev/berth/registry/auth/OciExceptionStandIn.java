package dev.berth.registry.auth;

import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** Answers refusals until the registry's own handler does. */
@Singleton
final class OciExceptionStandIn implements ExceptionHandler<OciException, HttpResponse<?>> {
  @Override
  @SuppressWarnings("rawtypes")
  public HttpResponse<?> handle(HttpRequest request, OciException e) {
    MutableHttpResponse<Object> response =
        HttpResponse.status(HttpStatus.valueOf(e.status()))
            .body(
                Map.of(
                    "errors",
                    List.of(Map.of("code", e.code().name(), "message", "" + e.getMessage()))));
    e.headers().forEach(response::header);
    return response;
  }
}
