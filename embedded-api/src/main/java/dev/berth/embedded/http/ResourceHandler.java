package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.ApiPath;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.resource.ResourceTypes;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.ObjectDeleter;
import dev.berth.embedded.write.ObjectPatcher;
import dev.berth.embedded.write.ObjectWriter;
import dev.berth.embedded.write.StatusException;
import io.fabric8.mockwebserver.http.MockResponse;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The verbs on resources and their subresources. */
final class ResourceHandler {
  /** What a kubelet answers, and there is none. */
  private static final Set<String> INSIDE_PODS = Set.of("attach", "exec", "log", "portforward");

  private final ObjectStore store;
  private final ResourceTypes types;
  private final ObjectWriter writer;
  private final ObjectPatcher patcher;
  private final ObjectDeleter deleter;
  private final Clock clock;

  ResourceHandler(
      ObjectStore store,
      ResourceTypes types,
      ObjectWriter writer,
      ObjectPatcher patcher,
      ObjectDeleter deleter,
      Clock clock) {
    this.store = store;
    this.types = types;
    this.writer = writer;
    this.patcher = patcher;
    this.deleter = deleter;
    this.clock = clock;
  }

  MockResponse handle(ApiRequest request, ApiPath path) {
    ResourceType type = type(path);
    if (path.subresource().equals("scale")) {
      return new ScaleHandler(store, writer).handle(request, path, type);
    }
    if (type.kind().equals("Pod") && INSIDE_PODS.contains(path.subresource())) {
      throw StatusException.of(
          405,
          "MethodNotAllowed",
          "this API in memory has no exec, attach, logs or port-forward; under ./quickstart the log"
              + " of a pod is a file in the folder logs of the state, which is .berth by default");
    }
    if (!path.subresource().isEmpty() && !type.subresources().contains(path.subresource())) {
      throw StatusException.noSuchPath();
    }
    return switch (request.method()) {
      case "GET" -> path.isCollection() ? list(request, path, type) : get(request, path, type);
      case "POST" -> create(request, path, type);
      case "PUT" -> update(request, path, type);
      case "PATCH" -> patch(request, path, type);
      case "DELETE" ->
          path.isCollection() ? deleteAll(request, path, type) : delete(request, path, type);
      default ->
          throw StatusException.of(
              405, "MethodNotAllowed", "the server does not allow this method on the resource");
    };
  }

  /** A watch of what the request selects. */
  Watch watch(ApiRequest request, ApiPath path, Watch.Sink sink) {
    ResourceType type = type(path);
    Predicate<JsonNode> selector = selector(request);
    if (!path.isCollection()) {
      selector = selector.and(o -> o.at("/metadata/name").asText().equals(path.name()));
    }
    return new Watch(
        store,
        type,
        path.namespace(),
        selector,
        object -> shown(request, type).object(object),
        sink);
  }

  ResourceType type(ApiPath path) {
    return types
        .find(path.group(), path.version(), path.plural())
        .filter(t -> t.namespaced() || path.namespace().isEmpty())
        .orElseThrow(StatusException::noSuchPath);
  }

  static Predicate<JsonNode> selector(ApiRequest request) {
    return Selectors.of(request.parameter("labelSelector"), request.parameter("fieldSelector"));
  }

  private MockResponse list(ApiRequest request, ApiPath path, ResourceType type) {
    Predicate<JsonNode> selector = selector(request);
    List<ObjectNode> found =
        store.list(type.group(), type.plural(), path.namespace()).stream()
            .filter(selector)
            .toList();
    return Answers.json(200, shown(request, type).list(found, Long.toString(store.revision())));
  }

  private MockResponse get(ApiRequest request, ApiPath path, ResourceType type) {
    return Answers.json(200, shown(request, type).object(live(type, path)));
  }

  private MockResponse create(ApiRequest request, ApiPath path, ResourceType type) {
    if (!path.isCollection()) {
      throw StatusException.of(
          405, "MethodNotAllowed", "the server does not allow this method on the resource");
    }
    ObjectNode body = request.bodyObject();
    String namespace =
        !type.namespaced() || !path.namespace().isEmpty()
            ? path.namespace()
            : body.at("/metadata/namespace").asText("");
    ObjectNode created = writer.create(type, namespace, body, request.writeOptions());
    return Answers.json(201, shown(request, type).object(created));
  }

  private MockResponse update(ApiRequest request, ApiPath path, ResourceType type) {
    ObjectNode body = request.bodyObject();
    ObjectNode updated =
        path.subresource().equals("finalize")
            ? writer.finalizeNamespace(type, live(type, path), body, request.writeOptions())
            : writer.update(
                type, live(type, path), body, path.subresource(), request.writeOptions());
    return Answers.json(200, shown(request, type).object(updated));
  }

  private MockResponse patch(ApiRequest request, ApiPath path, ResourceType type) {
    if (path.isCollection()) {
      throw StatusException.of(
          405, "MethodNotAllowed", "the server does not allow this method on the resource");
    }
    if (request.contentType().startsWith("application/apply-patch")
        && request.parameter("fieldManager").isEmpty()) {
      throw StatusException.badRequest("fieldManager is required for apply patch");
    }
    ObjectPatcher.Patched patched =
        patcher.patch(
            type,
            key(type, path),
            path.subresource(),
            request.contentType(),
            request.text(),
            request.writeOptions());
    return Answers.json(
        patched.created() ? 201 : 200, shown(request, type).object(patched.object()));
  }

  private MockResponse delete(ApiRequest request, ApiPath path, ResourceType type) {
    ObjectNode options = deleteOptions(request);
    ObjectDeleter.Deleted deleted =
        deleter.delete(type, key(type, path), options, isDryRun(request, options));
    if (deleted.remains()) {
      return Answers.json(200, shown(request, type).object(deleted.object()));
    }
    ObjectNode status = Answers.success();
    ObjectNode details = status.putObject("details").put("name", path.name());
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    details.put("kind", type.plural());
    details.put("uid", deleted.object().at("/metadata/uid").asText());
    return Answers.json(200, status);
  }

  private MockResponse deleteAll(ApiRequest request, ApiPath path, ResourceType type) {
    ObjectNode options = deleteOptions(request);
    Predicate<JsonNode> selector = selector(request);
    ObjectNode answer = Json.object();
    answer.put("apiVersion", type.apiVersion()).put("kind", type.kind() + "List");
    answer.putObject("metadata").put("resourceVersion", Long.toString(store.revision()));
    ArrayNode items = answer.putArray("items");
    for (ObjectNode object : store.list(type.group(), type.plural(), path.namespace())) {
      if (selector.test(object)) {
        JsonNode metadata = object.path("metadata");
        ObjectKey key =
            new ObjectKey(
                type.group(),
                type.plural(),
                metadata.path("namespace").asText(""),
                metadata.path("name").asText());
        items.add(deleter.delete(type, key, options, isDryRun(request, options)).object());
      }
    }
    return Answers.json(200, answer);
  }

  /** From the body, and for some clients from the query. */
  private static ObjectNode deleteOptions(ApiRequest request) {
    ObjectNode options = request.bodyObject();
    request
        .parameter("gracePeriodSeconds")
        .ifPresent(s -> options.put("gracePeriodSeconds", Long.parseLong(s)));
    return options;
  }

  private static boolean isDryRun(ApiRequest request, ObjectNode options) {
    return request.isDryRun() || !options.path("dryRun").isEmpty();
  }

  private Presentation shown(ApiRequest request, ResourceType type) {
    return Presentation.of(request, type, clock.instant());
  }

  private ObjectNode live(ResourceType type, ApiPath path) {
    return store
        .get(key(type, path))
        .orElseThrow(() -> StatusException.notFound(type, path.name()));
  }

  static ObjectKey key(ResourceType type, ApiPath path) {
    return new ObjectKey(type.group(), type.plural(), path.namespace(), path.name());
  }
}
