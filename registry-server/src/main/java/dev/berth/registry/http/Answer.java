package dev.berth.registry.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;

/** The start of every answer of the distribution API. */
final class Answer {
  static final String API_VERSION = "Docker-Distribution-Api-Version";
  static final String CONTENT_DIGEST = "Docker-Content-Digest";
  static final String UPLOAD_UUID = "Docker-Upload-UUID";
  static final String SUBJECT = "OCI-Subject";
  static final String TAG = "OCI-Tag";
  static final String FILTERS_APPLIED = "OCI-Filters-Applied";

  private Answer() {}

  /** With this body, or for HEAD with its length alone. */
  static MutableHttpResponse<byte[]> of(
      HttpRequest<?> request, HttpStatus status, String contentType, byte[] body) {
    MutableHttpResponse<byte[]> response = of(status).header(HttpHeaders.CONTENT_TYPE, contentType);
    return request.getMethod() == HttpMethod.HEAD
        ? response.contentLength(body.length)
        : response.body(body);
  }

  static MutableHttpResponse<byte[]> of(HttpStatus status) {
    return HttpResponse.<byte[]>status(status).header(API_VERSION, "registry/2.0");
  }
}
