package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.resource.ResourceTypes;
import dev.berth.embedded.write.StatusException;
import io.fabric8.mockwebserver.http.MockResponse;
import java.util.List;

/**
 * As much OpenAPI as makes kubectl leave validation to the server: version 3 says of each kind that
 * PATCH takes fieldValidation, and carries the schemas of custom resources for {@code kubectl
 * explain}; version 2, which old clients read as protobuf, is an empty document, in which they find
 * nothing to hold against an object.
 */
final class OpenApi {
  private static final String V2_PROTOBUF =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private final ResourceTypes types;
  private final Discovery discovery;

  OpenApi(ResourceTypes types, Discovery discovery) {
    this.types = types;
    this.discovery = discovery;
  }

  MockResponse answer(ApiRequest request) {
    List<String> path = request.segments().subList(1, request.segments().size());
    if (path.equals(List.of("v2"))) {
      return v2(request);
    }
    if (path.equals(List.of("v3"))) {
      return Answers.json(200, index());
    }
    if (path.size() >= 3 && path.getFirst().equals("v3")) {
      String groupVersion = String.join("/", path.subList(1, path.size()));
      if (discovery.groupVersionPaths().contains(groupVersion)) {
        return Answers.json(200, document(groupVersion));
      }
    }
    throw StatusException.noSuchPath();
  }

  private static MockResponse v2(ApiRequest request) {
    if (request.accept().contains("protobuf")) {
      return new MockResponse().setResponseCode(200).setHeader("Content-Type", V2_PROTOBUF);
    }
    ObjectNode empty = Json.object().put("swagger", "2.0");
    empty.putObject("info").put("title", "Kubernetes").put("version", "v1.32.0");
    empty.putObject("paths");
    return Answers.json(200, empty);
  }

  private ObjectNode index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    for (String path : discovery.groupVersionPaths()) {
      paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path);
    }
    return index;
  }

  private ObjectNode document(String groupVersion) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.32.0");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (ResourceType type : types.all()) {
      String root = (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
      if (root.equals(groupVersion)) {
        String scope = type.namespaced() ? "/namespaces/{namespace}/" : "/";
        patch(paths.putObject("/" + root + scope + type.plural() + "/{name}"), type);
        JsonNode crd = type.crd();
        if (crd != null && crd.at("/schema/openAPIV3Schema") instanceof ObjectNode schema) {
          ObjectNode named = schema.deepCopy();
          named.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(type));
          schemas.set(type.group() + "." + type.version() + "." + type.kind(), named);
        }
      }
    }
    return document;
  }

  private static void patch(ObjectNode path, ResourceType type) {
    ObjectNode operation = path.putObject("patch");
    for (String parameter : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
      operation
          .withArray("parameters")
          .addObject()
          .put("name", parameter)
          .put("in", "query")
          .putObject("schema")
          .put("type", "string");
    }
    operation.putObject("responses").putObject("200").put("description", "OK");
    operation.put("x-kubernetes-action", "patch");
    operation.set("x-kubernetes-group-version-kind", groupVersionKind(type));
  }

  private static ObjectNode groupVersionKind(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }
}
