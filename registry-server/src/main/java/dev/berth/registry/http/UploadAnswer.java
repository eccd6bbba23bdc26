package dev.berth.registry.http;

import dev.berth.registry.content.Upload;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;

/** Tells a client where its upload stands. Locations are relative: a proxy may have renamed us. */
final class UploadAnswer {
  private UploadAnswer() {}

  static MutableHttpResponse<byte[]> session(HttpStatus status, Upload upload) {
    return session(status, upload, upload.received());
  }

  static MutableHttpResponse<byte[]> session(HttpStatus status, Upload upload, long received) {
    return Answer.of(status)
        .header(HttpHeaders.LOCATION, location(upload))
        .header(HttpHeaders.RANGE, range(received))
        .header(Answer.UPLOAD_UUID, upload.id());
  }

  static MutableHttpResponse<byte[]> created(RepositoryName repository, Digest digest) {
    return Answer.of(HttpStatus.CREATED)
        .header(HttpHeaders.LOCATION, "/v2/" + repository + "/blobs/" + digest)
        .header(Answer.CONTENT_DIGEST, digest.toString());
  }

  static String location(Upload upload) {
    return "/v2/" + upload.repository() + "/blobs/uploads/" + upload.id();
  }

  /** Both ends are included, so that nothing at all looks like one byte. */
  static String range(long received) {
    return "0-" + Math.max(0, received - 1);
  }
}
