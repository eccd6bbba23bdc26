package dev.berth.registry.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.List;
import java.util.Map;

/** The body of every refusal. */
record ErrorAnswer(List<Entry> errors) {

  /** One error; the detail is an object, empty where there is nothing to add. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Entry(ErrorCode code, String message, Map<String, String> detail) {}

  static ErrorAnswer of(ErrorCode code, String message, Map<String, String> detail) {
    return new ErrorAnswer(List.of(new Entry(code, message, detail)));
  }

  static MutableHttpResponse<byte[]> response(HttpRequest<?> request, OciException refusal) {
    return of(refusal.code(), refusal.getMessage(), refusal.detail())
        .response(request, refusal.status(), refusal.headers());
  }

  MutableHttpResponse<byte[]> response(
      HttpRequest<?> request, int status, Map<String, String> headers) {
    MutableHttpResponse<byte[]> response =
        Answer.of(
            request, HttpStatus.valueOf(status), MediaType.APPLICATION_JSON, Json.bytes(this));
    headers.forEach(response::header);
    return response;
  }
}
