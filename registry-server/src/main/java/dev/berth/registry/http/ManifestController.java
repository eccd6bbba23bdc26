package dev.berth.registry.http;

import dev.berth.policy.Action;
import dev.berth.registry.body.RequestBodies;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.Contents;
import dev.berth.registry.content.ManifestPull;
import dev.berth.registry.content.ManifestPush;
import dev.berth.registry.content.ManifestPush.Pushed;
import dev.berth.registry.eventloop.HotPath;
import dev.berth.registry.metadata.Manifests.Stored;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.Reference;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import dev.berth.registry.quota.Quotas;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** end-3, end-7, end-9: manifests by tag and by digest. */
@Controller
@Produces(MediaType.ALL)
final class ManifestController {
  private static final String ROUTE = "/v2/{+name}/manifests/{reference}";

  private final HotPath hot;
  private final Gate gate;
  private final ManifestPush push;
  private final ManifestPull pull;
  private final Contents contents;
  private final RequestBodies bodies;
  private final Quotas quotas;
  private final int maxBytes;

  ManifestController(
      HotPath hot,
      Gate gate,
      ManifestPush push,
      ManifestPull pull,
      Contents contents,
      RequestBodies bodies,
      Quotas quotas,
      RegistryConfiguration configuration) {
    this.hot = hot;
    this.gate = gate;
    this.push = push;
    this.pull = pull;
    this.contents = contents;
    this.bodies = bodies;
    this.quotas = quotas;
    this.maxBytes = configuration.limits().manifestBytes();
  }

  @Get(uri = ROUTE, headRoute = false)
  CompletionStage<HttpResponse<byte[]>> get(HttpRequest<?> request, String name, String reference)
      throws Exception {
    return hot.answer(() -> whole(request, find(request, name, reference)));
  }

  @Head(uri = ROUTE)
  CompletionStage<HttpResponse<byte[]>> head(HttpRequest<?> request, String name, String reference)
      throws Exception {
    return hot.answer(() -> head(request, find(request, name, reference)));
  }

  private HttpResponse<byte[]> whole(HttpRequest<?> request, Stored stored) throws IOException {
    MutableHttpResponse<byte[]> response = head(request, stored);
    if (response.status() == HttpStatus.OK) {
      if (ManifestPull.isSmall(stored)) {
        response.body(pull.bytes(stored));
      } else {
        new SendFile(contents.blobFile(stored.digest()), 0, stored.size()).orderIn(response);
      }
    }
    return response;
  }

  private Stored find(HttpRequest<?> request, String name, String reference) {
    RepositoryName repository = gate.pass(request, name, Action.PULL);
    return pull.find(repository, Reference.parse(reference));
  }

  private static MutableHttpResponse<byte[]> head(HttpRequest<?> request, Stored stored) {
    EntityTag tag = EntityTag.of(stored.digest());
    boolean unchanged = tag.isIn(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH));
    MutableHttpResponse<byte[]> response =
        Answer.of(unchanged ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            .header(Answer.CONTENT_DIGEST, stored.digest().toString())
            .header(HttpHeaders.ETAG, tag.value());
    return unchanged
        ? response
        : response
            .header(HttpHeaders.CONTENT_TYPE, stored.mediaType())
            .contentLength(stored.size());
  }

  @ExecuteOn(TaskExecutors.BLOCKING)
  @Put(uri = ROUTE, consumes = MediaType.ALL)
  HttpResponse<byte[]> put(HttpRequest<?> request, String name, String reference)
      throws IOException {
    RepositoryName repository = gate.pass(request, name, Action.PUSH);
    Reference parsed = Reference.parse(reference);
    Set<Tag> tags = tags(request);
    String contentType =
        request.getHeaders().get(HttpHeaders.CONTENT_TYPE, String.class).orElse("");
    push.requireSize(repository, request.getContentLength());
    Pushed pushed;
    try (InputStream body = bodies.open(request, maxBytes)) {
      pushed = push.push(repository, parsed, tags, contentType, body);
    }
    MutableHttpResponse<byte[]> response =
        Answer.of(HttpStatus.CREATED)
            .header(HttpHeaders.LOCATION, "/v2/" + repository + "/manifests/" + pushed.digest())
            .header(Answer.CONTENT_DIGEST, pushed.digest().toString());
    Digest subject = pushed.subject();
    if (subject != null) {
      response.header(Answer.SUBJECT, subject.toString());
    }
    tags.forEach(tag -> response.header(Answer.TAG, tag.value()));
    Warning.ofMissing(pushed.missing(), response);
    quotas.warning(repository).ifPresent(text -> new Warning(text).addTo(response));
    return response;
  }

  private static Set<Tag> tags(HttpRequest<?> request) {
    Set<Tag> tags = new LinkedHashSet<>();
    for (String tag : request.getParameters().getAll("tag")) {
      tags.add(new Tag(tag));
    }
    if (tags.size() > MAX_TAGS) {
      throw new OciException(
          ErrorCode.MANIFEST_INVALID,
          HttpStatus.REQUEST_URI_TOO_LONG.getCode(),
          "at most " + MAX_TAGS + " tags go with one manifest",
          Map.of());
    }
    return tags;
  }

  private static final int MAX_TAGS = 100;

  @ExecuteOn(TaskExecutors.BLOCKING)
  @Delete(uri = ROUTE, consumes = MediaType.ALL)
  HttpResponse<byte[]> delete(HttpRequest<?> request, String name, String reference) {
    RepositoryName repository = gate.pass(request, name, Action.DELETE);
    contents.deleteManifest(repository, Reference.parse(reference));
    return Answer.of(HttpStatus.ACCEPTED);
  }
}
