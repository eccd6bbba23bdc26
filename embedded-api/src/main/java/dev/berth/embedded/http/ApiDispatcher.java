package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.authorization.Action;
import dev.berth.embedded.authorization.Authorizer;
import dev.berth.embedded.resource.ApiPath;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.resource.ResourceTypes;
import dev.berth.embedded.store.Change;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.token.ServiceAccountTokens;
import dev.berth.embedded.write.Admission;
import dev.berth.embedded.write.ObjectDeleter;
import dev.berth.embedded.write.ObjectPatcher;
import dev.berth.embedded.write.ObjectWriter;
import dev.berth.embedded.write.StatusException;
import dev.berth.embedded.write.WriteOptions;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request of the embedded API: the dispatcher behind Fabric8's mock server. */
public final class ApiDispatcher extends Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(ApiDispatcher.class);

  private final ResourceTypes types = new ResourceTypes();
  private final Discovery discovery;
  private final OpenApi openApi;
  private final AccessReviews reviews;
  private final ServiceAccountTokens tokens;
  private final ResourceHandler resources;
  private final Authorizer authorizer;
  private final ObjectStore store;
  private final ObjectWriter writer;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  /** Serves what {@code store} holds. */
  public ApiDispatcher(ObjectStore store, Clock clock) {
    store.list("apiextensions.k8s.io", "customresourcedefinitions", "").forEach(types::register);
    store.subscribe(change -> serveDefinitions(types, change));
    this.store = store;
    this.authorizer = new Authorizer(store);
    this.reviews = new AccessReviews(authorizer);
    this.tokens = new ServiceAccountTokens(store, clock);
    this.writer = new ObjectWriter(store, new Admission(store), clock);
    this.discovery = new Discovery(types);
    this.openApi = new OpenApi(types, discovery);
    this.resources =
        new ResourceHandler(
            store,
            types,
            writer,
            new ObjectPatcher(store, writer),
            new ObjectDeleter(store, clock),
            clock);
  }

  /** Makes a namespace that every cluster has. */
  public void ensureNamespace(String name) {
    ResourceType type = types.find("", "v1", "namespaces").orElseThrow(StatusException::noSuchPath);
    if (store.get(new ObjectKey("", "namespaces", "", name)).isEmpty()) {
      ObjectNode namespace = Json.object();
      namespace.putObject("metadata").put("name", name);
      WriteOptions options =
          new WriteOptions(false, "kube-apiserver", false, WriteOptions.FieldValidation.LENIENT);
      writer.create(type, "", namespace, options);
    }
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest recorded) {
    try {
      ApiRequest request = ApiRequest.of(recorded);
      if (request.isWatch() && recorded.getHeader("Upgrade") != null) {
        return webSocket(request);
      }
      return answer(request);
    } catch (StatusException e) {
      return Answers.failure(e);
    } catch (RuntimeException e) {
      LOG.error("{} failed", recorded, e);
      return Answers.failure(
          StatusException.of(500, "InternalError", "the embedded API failed: " + e));
    }
  }

  /** Refuses the request where its subject has no right to it. */
  void authorize(ApiRequest request) {
    Action action = request.action();
    authorizer.require(request.subject(), action);
    if (request.isApply() && ApiPath.parse(request.segments()).filter(this::isAbsent).isPresent()) {
      authorizer.require(request.subject(), action.asCreate());
    }
  }

  private boolean isAbsent(ApiPath path) {
    return store
        .get(new ObjectKey(path.group(), path.plural(), path.namespace(), path.name()))
        .isEmpty();
  }

  /** Opens a watch and sends its events to {@code sink}. */
  Watch watch(ApiRequest request, Watch.Sink sink) {
    ApiPath path = ApiPath.parse(request.segments()).orElseThrow(StatusException::noSuchPath);
    return opened(resources.watch(request, path, sink));
  }

  /** Ends every watch that is open. */
  public void dropWatches() {
    for (Watch watch : Set.copyOf(watches)) {
      watches.remove(watch);
      watch.drop();
    }
  }

  /** Has tokens signed with another key from now on. */
  public void rotateTokenKeys() {
    tokens.rotateKeys();
  }

  private Watch opened(Watch watch) {
    watches.removeIf(Watch::isClosed);
    watches.add(watch);
    return watch;
  }

  private MockResponse webSocket(ApiRequest request) {
    ApiPath path = ApiPath.parse(request.segments()).orElseThrow(StatusException::noSuchPath);
    resources.type(path);
    ResourceHandler.selector(request);
    return new MockResponse()
        .withWebSocketUpgrade(
            new WebSocketWatch(
                sink -> {
                  Watch watch = opened(resources.watch(request, path, sink));
                  WatchStart.of(request).start(watch);
                  return watch;
                }));
  }

  private MockResponse answer(ApiRequest request) {
    if (request.segments().isEmpty()) {
      throw StatusException.noSuchPath();
    }
    if (request.method().equals("GET")) {
      String root = request.segments().getFirst();
      if (root.equals("healthz") || root.equals("readyz") || root.equals("livez")) {
        return Answers.text(200, "ok");
      }
      if (root.equals("openapi")) {
        return openApi.answer(request);
      }
      Optional<JsonNode> document =
          discovery.answer(request.segments()).or(() -> tokens.published(request.segments()));
      if (document.isPresent()) {
        return Answers.json(200, document.get());
      }
    }
    ApiPath path = ApiPath.parse(request.segments()).orElseThrow(StatusException::noSuchPath);
    if (request.method().equals("POST") && AccessReviews.isReview(path)) {
      return Answers.json(201, reviews.answer(path, request));
    }
    if (request.method().equals("POST") && ServiceAccountTokens.isRequest(path)) {
      return Answers.json(201, tokens.answer(path, request.bodyObject()));
    }
    return resources.handle(request, path);
  }

  private static void serveDefinitions(ResourceTypes types, Change change) {
    if (!change.key().plural().equals("customresourcedefinitions")
        || !change.key().group().equals("apiextensions.k8s.io")) {
      return;
    }
    if (change.after() == null) {
      types.unregister(change.last());
    } else {
      types.register(change.after());
    }
  }
}
