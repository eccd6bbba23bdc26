package dev.berth.registry.http;

import dev.berth.policy.Action;
import dev.berth.registry.body.RequestBodies;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.BlobPush;
import dev.berth.registry.content.Upload;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.ChunkRange;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
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
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** end-4, end-5, end-6, end-11, end-13, end-14: uploads of blobs, whole, in chunks or streamed. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class UploadController {
  private static final String SESSION = "/v2/{+name}/blobs/uploads/{id}";

  private final Gate gate;
  private final BlobPush push;
  private final RequestBodies bodies;
  private final Quotas quotas;
  private final long maxBytes;

  UploadController(
      Gate gate,
      BlobPush push,
      RequestBodies bodies,
      Quotas quotas,
      RegistryConfiguration configuration) {
    this.gate = gate;
    this.push = push;
    this.bodies = bodies;
    this.quotas = quotas;
    this.maxBytes = configuration.limits().blobBytes();
  }

  @Post(uri = "/v2/{+name}/blobs/uploads/", consumes = MediaType.ALL)
  HttpResponse<byte[]> post(
      HttpRequest<?> request,
      String name,
      @Nullable @QueryValue String digest,
      @Nullable @QueryValue String mount,
      @Nullable @QueryValue String from,
      @Nullable @QueryValue("digest-algorithm") String digestAlgorithm)
      throws IOException {
    RepositoryName repository = gate.pass(request, name, Action.PUSH);
    if (digestAlgorithm != null) {
      DigestAlgorithm.parse(digestAlgorithm);
    }
    if (mount != null) {
      Digest mounted = Digest.parse(mount);
      if (mount(request, repository, mounted, from)) {
        return UploadAnswer.created(repository, mounted);
      }
    }
    if (digest == null) {
      return UploadAnswer.session(HttpStatus.ACCEPTED, push.start(repository));
    }
    Digest expected = Digest.parse(digest);
    push.requireRoom(repository, expected, request.getContentLength());
    try (InputStream body = bodyOf(request)) {
      push.whole(repository, expected, body);
    }
    return created(repository, expected);
  }

  private HttpResponse<byte[]> created(RepositoryName repository, Digest digest) {
    MutableHttpResponse<byte[]> response = UploadAnswer.created(repository, digest);
    quotas.warning(repository).ifPresent(text -> new Warning(text).addTo(response));
    return response;
  }

  private boolean mount(
      HttpRequest<?> request, RepositoryName repository, Digest digest, @Nullable String from) {
    List<RepositoryName> holders =
        from == null ? push.holders(repository, digest) : List.of(new RepositoryName(from));
    return gate.firstOpen(request, repository, holders)
        .filter(source -> push.mount(repository, source, digest))
        .isPresent();
  }

  @Get(uri = SESSION)
  HttpResponse<byte[]> status(HttpRequest<?> request, String name, String id) {
    return UploadAnswer.session(HttpStatus.NO_CONTENT, find(request, name, id));
  }

  @Patch(uri = SESSION, consumes = MediaType.ALL)
  HttpResponse<byte[]> patch(HttpRequest<?> request, String name, String id) throws IOException {
    Upload upload = find(request, name, id);
    ChunkRange range = chunkOf(request);
    push.requireRoom(
        upload.repository(), null, upload.received() + Math.max(0, request.getContentLength()));
    try (InputStream body = bodyOf(request)) {
      return UploadAnswer.session(
          HttpStatus.ACCEPTED, upload, push.append(upload, principal(request), range, body));
    }
  }

  @Put(uri = SESSION, consumes = MediaType.ALL)
  HttpResponse<byte[]> put(
      HttpRequest<?> request, String name, String id, @Nullable @QueryValue String digest)
      throws IOException {
    Upload upload = find(request, name, id);
    if (digest == null) {
      throw new OciException(
          ErrorCode.DIGEST_INVALID, "the last request of an upload needs ?digest=");
    }
    Digest expected = Digest.parse(digest);
    ChunkRange range = chunkOf(request);
    push.requireRoom(
        upload.repository(), expected, upload.received() + Math.max(0, request.getContentLength()));
    try (InputStream body = bodyOf(request)) {
      push.finish(upload, range, body, expected);
    }
    return created(upload.repository(), expected);
  }

  @Delete(uri = SESSION, consumes = MediaType.ALL)
  HttpResponse<byte[]> cancel(HttpRequest<?> request, String name, String id) throws IOException {
    push.cancel(find(request, name, id));
    return Answer.of(HttpStatus.NO_CONTENT);
  }

  private Upload find(HttpRequest<?> request, String name, String id) {
    return push.find(gate.pass(request, name, Action.PUSH), id);
  }

  private static String principal(HttpRequest<?> request) {
    return request
        .getAttribute(Caller.ATTRIBUTE, Caller.class)
        .orElse(Caller.ANONYMOUS)
        .principal(request.getRemoteAddress());
  }

  private InputStream bodyOf(HttpRequest<?> request) {
    return bodies.open(request, maxBytes);
  }

  private static @Nullable ChunkRange chunkOf(HttpRequest<?> request) {
    return ChunkRange.parse(request.getHeaders().get(HttpHeaders.CONTENT_RANGE)).orElse(null);
  }
}
