package dev.berth.registry.http;

import dev.berth.policy.Action;
import dev.berth.registry.content.Contents;
import dev.berth.registry.oci.ByteRange;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
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
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongBiFunction;

/** end-2, end-10: blobs. Their bytes are sent by {@link SendFileHandler}. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class BlobController {
  private static final String ROUTE = "/v2/{+name}/blobs/{digest}";

  private final Gate gate;
  private final Contents contents;

  BlobController(Gate gate, Contents contents) {
    this.gate = gate;
    this.contents = contents;
  }

  @Get(uri = ROUTE, headRoute = false)
  HttpResponse<byte[]> get(HttpRequest<?> request, String name, String digest) {
    Blob blob = find(request, name, digest, contents::blobSize);
    if (blob.tag().isIn(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH))) {
      return blob.describe(HttpStatus.NOT_MODIFIED);
    }
    Optional<ByteRange> range = range(request, blob);
    MutableHttpResponse<byte[]> response =
        blob.describe(range.isPresent() ? HttpStatus.PARTIAL_CONTENT : HttpStatus.OK)
            .contentType(MediaType.APPLICATION_OCTET_STREAM_TYPE);
    range.ifPresent(
        part -> response.header(HttpHeaders.CONTENT_RANGE, part.contentRange(blob.size())));
    ByteRange sent = range.orElse(new ByteRange(0, blob.size()));
    if (sent.length() > 0) {
      new SendFile(contents.blobFile(blob.digest()), sent.from(), sent.length()).orderIn(response);
    }
    return response;
  }

  private static Optional<ByteRange> range(HttpRequest<?> request, Blob blob) {
    String condition = request.getHeaders().get(HttpHeaders.IF_RANGE);
    if (condition != null && !condition.strip().equals(blob.tag().value())) {
      return Optional.empty();
    }
    try {
      return ByteRange.parse(request.getHeaders().get(HttpHeaders.RANGE), blob.size());
    } catch (ByteRange.Unsatisfiable e) {
      throw new OciException(
          ErrorCode.SIZE_INVALID,
          HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE.getCode(),
          "the blob has " + blob.size() + " bytes, none of them in the range",
          Map.of(HttpHeaders.CONTENT_RANGE, "bytes */" + blob.size()));
    }
  }

  @Head(uri = ROUTE)
  HttpResponse<byte[]> head(HttpRequest<?> request, String name, String digest) {
    Blob blob = find(request, name, digest, contents::askedForBlob);
    boolean unchanged = blob.tag().isIn(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH));
    return unchanged
        ? blob.describe(HttpStatus.NOT_MODIFIED)
        : blob.describe(HttpStatus.OK)
            .contentType(MediaType.APPLICATION_OCTET_STREAM_TYPE)
            .contentLength(blob.size());
  }

  @Delete(uri = ROUTE, consumes = MediaType.ALL)
  HttpResponse<byte[]> delete(HttpRequest<?> request, String name, String digest) {
    RepositoryName repository = gate.pass(request, name, Action.DELETE);
    contents.deleteBlob(repository, Digest.parse(digest));
    return Answer.of(HttpStatus.ACCEPTED);
  }

  private Blob find(
      HttpRequest<?> request,
      String name,
      String digest,
      ToLongBiFunction<RepositoryName, Digest> size) {
    RepositoryName repository = gate.pass(request, name, Action.PULL);
    Digest parsed = Digest.parse(digest);
    return new Blob(parsed, size.applyAsLong(repository, parsed), EntityTag.of(parsed));
  }

  private record Blob(Digest digest, long size, EntityTag tag) {
    MutableHttpResponse<byte[]> describe(HttpStatus status) {
      return Answer.of(status)
          .header(Answer.CONTENT_DIGEST, digest.toString())
          .header(HttpHeaders.ETAG, tag.value())
          .header(HttpHeaders.ACCEPT_RANGES, "bytes");
    }
  }
}
