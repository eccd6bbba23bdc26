package dev.berth.registry.http;

import dev.berth.registry.auth.AccessControl;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.charset.StandardCharsets;

/** end-1: what a client asks first, to learn that this is a registry and how to log in. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class ApiVersionController {
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);

  private final AccessControl access;

  ApiVersionController(AccessControl access) {
    this.access = access;
  }

  @Get(uri = "/v2", headRoute = false)
  HttpResponse<byte[]> get(HttpRequest<?> request) {
    return head(request).body(EMPTY_OBJECT);
  }

  @Head("/v2")
  MutableHttpResponse<byte[]> head(HttpRequest<?> request) {
    access.authenticate(request);
    return Answer.of(HttpStatus.OK)
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .contentLength(EMPTY_OBJECT.length);
  }
}
