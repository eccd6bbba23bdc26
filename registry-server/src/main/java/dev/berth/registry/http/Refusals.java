package dev.berth.registry.http;

import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Produces;

/**
 * Answers refusals. By a route, because the HTTP layer looks an exception handler up among all its
 * beans for each error anew, and every blob that is pushed begins with one.
 */
@Controller
final class Refusals {

  @Error(global = true)
  @Produces(MediaType.ALL)
  HttpResponse<byte[]> refuse(HttpRequest<?> request, OciException refusal) {
    return ErrorAnswer.response(request, refusal);
  }
}
