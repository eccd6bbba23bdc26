package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.registry.auth.PolicyInForce;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;

/** Takes a policy document and tells which one is in force. */
@Controller("/v1/policy")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PolicyController {
  /** Of a body as it is sent; what it unpacks to has a limit of its own. */
  static final int MAX_BODY_BYTES = 8 << 20;

  private final PolicyInForce policy;

  PolicyController(PolicyInForce policy) {
    this.policy = policy;
  }

  @Get
  Revision get() {
    return new Revision(policy.revision());
  }

  @Put
  @Consumes(MediaType.ALL)
  HttpResponse<?> put(@Body InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      return HttpResponse.status(HttpStatus.REQUEST_ENTITY_TOO_LARGE)
          .body(new Message("the body is larger than 8 MiB, send the document gzipped"));
    }
    try {
      return HttpResponse.ok(new Revision(policy.offer(PolicyDocumentFormat.read(bytes))));
    } catch (IOException | IllegalArgumentException e) {
      return unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static HttpResponse<?> unreadable(String why) {
    return HttpResponse.badRequest(new Message("this is no policy document: " + why));
  }

  /** Of the document in force; empty when there is none. */
  record Revision(@JsonProperty("revision") String revision) {}
}
