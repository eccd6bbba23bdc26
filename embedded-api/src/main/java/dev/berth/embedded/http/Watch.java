package dev.berth.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.store.Change;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.StatusException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One watch: the present objects or the changes since a revision, then every change, as events with
 * the meaning that the selectors give them.
 */
final class Watch implements Consumer<Change>, AutoCloseable {
  /** Where events go. */
  interface Sink {
    /** Sends one event. */
    void send(String event);

    /** Ends the watch from this side. */
    void end();
  }

  private final ObjectStore store;
  private final ResourceType type;
  private final String namespace;
  private final Predicate<JsonNode> selector;
  private final UnaryOperator<ObjectNode> shape;
  private final Sink sink;
  private volatile boolean closed;

  Watch(
      ObjectStore store,
      ResourceType type,
      String namespace,
      Predicate<JsonNode> selector,
      UnaryOperator<ObjectNode> shape,
      Sink sink) {
    this.store = store;
    this.type = type;
    this.namespace = namespace;
    this.selector = selector;
    this.shape = shape;
    this.sink = sink;
  }

  /** Starts after {@code revision}; without one, with the objects that are there. */
  void start(Optional<Long> revision, boolean initialEvents) {
    store.atomically(
        () -> {
          boolean list = revision.isEmpty() || revision.get() == 0 || initialEvents;
          if (list) {
            for (ObjectNode object : store.list(type.group(), type.plural(), namespace)) {
              if (selector.test(object)) {
                send("ADDED", object);
              }
            }
            if (initialEvents) {
              initialEventsEnd();
            }
          }
          store.subscribe(list ? store.revision() : revision.get(), this::missed, this);
        });
  }

  @Override
  public void accept(Change change) {
    if (!change.key().group().equals(type.group())
        || !change.key().plural().equals(type.plural())
        || !(namespace.isEmpty() || change.key().namespace().equals(namespace))) {
      return;
    }
    boolean before = change.before() != null && selector.test(change.before());
    boolean after = change.after() != null && selector.test(change.after());
    if (after) {
      send(before ? "MODIFIED" : "ADDED", change.last());
    } else if (before) {
      send("DELETED", change.last());
    }
  }

  /** Ends the watch from this side. */
  void drop() {
    close();
    sink.end();
  }

  @Override
  public void close() {
    closed = true;
    store.unsubscribe(this);
  }

  boolean isClosed() {
    return closed;
  }

  private void missed(Optional<List<Change>> changes) {
    if (changes.isPresent()) {
      changes.get().forEach(this);
      return;
    }
    StatusException gone =
        StatusException.of(
            410, "Expired", "The resourceVersion for the provided watch is too old.");
    sink.send(Json.write(event("ERROR", gone.toStatus())));
    sink.end();
  }

  private void initialEventsEnd() {
    ObjectNode bookmark = Json.object();
    bookmark.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    ObjectNode metadata = bookmark.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(store.revision()));
    metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    sink.send(Json.write(event("BOOKMARK", bookmark)));
  }

  private void send(String event, ObjectNode object) {
    sink.send(Json.write(event(event, shape.apply(object))));
  }

  private static ObjectNode event(String type, ObjectNode object) {
    ObjectNode event = Json.object().put("type", type);
    event.set("object", object);
    return event;
  }
}
