package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.berth.embedded.authorization.Action;
import dev.berth.embedded.authorization.Subject;
import dev.berth.embedded.fault.ApiCall;
import dev.berth.embedded.protobuf.ProtobufBody;
import dev.berth.embedded.resource.ApiPath;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.write.StatusException;
import dev.berth.embedded.write.WriteOptions;
import dev.berth.embedded.write.WriteOptions.FieldValidation;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A request, decoded.
 *
 * @param subject in whose name it is made
 */
record ApiRequest(
    String method,
    List<String> segments,
    Map<String, List<String>> query,
    String contentType,
    String accept,
    String userAgent,
    Subject subject,
    ByteString body) {

  static ApiRequest of(RecordedRequest request) {
    return of(
        request.getMethod(),
        request.getPath(),
        Objects.requireNonNullElse(request.getHeader("Content-Type"), ""),
        Objects.requireNonNullElse(request.getHeader("Accept"), ""),
        Objects.requireNonNullElse(request.getHeader("User-Agent"), ""),
        Subject.impersonated(
            request.getHeader("Impersonate-User"),
            request.getHeaders().headers("Impersonate-Group")),
        body(request));
  }

  static ApiRequest of(
      String method,
      String uri,
      String contentType,
      String accept,
      String agent,
      Subject subject,
      ByteString body) {
    QueryStringDecoder decoder = new QueryStringDecoder(uri);
    List<String> segments =
        Arrays.stream(decoder.rawPath().split("/", -1))
            .filter(s -> !s.isEmpty())
            .map(QueryStringDecoder::decodeComponent)
            .toList();
    String mediaType = contentType.split(";", 2)[0].strip();
    return new ApiRequest(
        method, segments, decoder.parameters(), mediaType, accept, agent, subject, body);
  }

  Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().filter(v -> !v.isEmpty()).findFirst();
  }

  boolean flag(String name) {
    return parameter(name).filter(v -> v.equals("true") || v.equals("1")).isPresent();
  }

  Action action() {
    return Action.of(method, segments, query);
  }

  boolean isApply() {
    return method.equals("PATCH") && contentType.startsWith("application/apply-patch");
  }

  boolean isWatch() {
    return method.equals("GET") && flag("watch");
  }

  /** What it asks for, in the words of authorization. */
  ApiCall call() {
    return ApiPath.parse(segments)
        .map(
            path ->
                new ApiCall(
                    verb(path),
                    path.group(),
                    path.plural(),
                    path.namespace(),
                    path.name(),
                    path.subresource(),
                    userAgent))
        .orElseGet(() -> new ApiCall("get", "", "", "", "", "", userAgent));
  }

  private String verb(ApiPath path) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> path.isCollection() ? "deletecollection" : "delete";
      default -> isWatch() ? "watch" : path.isCollection() ? "list" : "get";
    };
  }

  boolean isDryRun() {
    return parameter("dryRun").isPresent();
  }

  boolean wantsTable() {
    return accept.contains("as=Table");
  }

  WriteOptions writeOptions() {
    String agent = userAgent.split("[/ ]", 2)[0];
    return new WriteOptions(
        isDryRun(),
        parameter("fieldManager").orElse(agent.isEmpty() ? "unknown" : agent),
        flag("force"),
        parameter("fieldValidation").filter("Strict"::equals).isPresent()
            ? FieldValidation.STRICT
            : FieldValidation.LENIENT);
  }

  /** The body as text. */
  String text() {
    return body.toStringUtf8();
  }

  private static ByteString body(RecordedRequest request) {
    Buffer body = request.getBody();
    byte[] bytes = body == null ? null : body.getBytes();
    return bytes == null ? ByteString.EMPTY : ByteString.copyFrom(bytes);
  }

  /** The body as an object; an empty one when there is no body. */
  ObjectNode bodyObject() {
    if (body.isEmpty()) {
      return Json.object();
    }
    try {
      if (contentType.equals(ProtobufBody.MEDIA_TYPE)) {
        return ProtobufBody.read(body.toByteArray());
      }
      if (Json.readYamlOrJson(text()) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw StatusException.badRequest("the body cannot be read: " + e.getMessage());
    }
    throw StatusException.badRequest("the body must be an object");
  }
}
