package dev.berth.registry.management;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.body.RequestBodies;
import dev.berth.registry.oci.OciException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes a policy document and tells which one is in force. */
@Controller("/v1/policy")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PolicyController {
  /** Of a body as it is sent; what it unpacks to has a limit of its own. */
  static final int MAX_BODY_BYTES = 8 << 20;

  /** One that is read, and one that overtakes it because its sender gave up waiting. */
  private static final int DOCUMENTS_AT_ONCE = 2;

  private final RequestBodies documents = new RequestBodies(DOCUMENTS_AT_ONCE);

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
  HttpResponse<?> put(HttpRequest<?> request) throws IOException {
    byte[] bytes;
    try {
      bytes = documents.read(request, MAX_BODY_BYTES);
    } catch (OciException e) {
      return refusal(e);
    }
    try {
      return HttpResponse.ok(new Revision(policy.offer(PolicyDocumentFormat.read(bytes))));
    } catch (IOException | IllegalArgumentException e) {
      return unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** The sender of the document says that it is still what holds. */
  @Post("/confirm")
  Revision confirm(@Body Confirmed confirmed) {
    return new Revision(policy.confirm(Objects.requireNonNullElse(confirmed.revision(), "")));
  }

  private static HttpResponse<?> refusal(OciException cause) {
    boolean tooLarge = cause.status() == HttpStatus.REQUEST_ENTITY_TOO_LARGE.getCode();
    MutableHttpResponse<Message> response =
        HttpResponse.status(HttpStatus.valueOf(cause.status()))
            .body(
                new Message(
                    tooLarge
                        ? "the body is larger than 8 MiB, send the document gzipped"
                        : cause.getMessage()));
    cause.headers().forEach(response::header);
    return response;
  }

  private static HttpResponse<?> unreadable(String why) {
    return HttpResponse.badRequest(new Message("this is no policy document: " + why));
  }

  /** Which document is confirmed; a client may forget it. */
  record Confirmed(@Nullable String revision) {}

  /** Of the document in force; empty when there is none. */
  record Revision(@JsonProperty("revision") String revision) {}
}
