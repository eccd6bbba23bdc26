package dev.berth.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/**
 * Every object, the revision counter, and the recent changes that a watch resumes from. Stored
 * trees are never changed: a writer puts a new one. All methods hold one lock, and listeners are
 * called inside it, so that every listener sees the changes in the order of their revisions.
 */
public final class ObjectStore {
  private static final int HISTORY = 1_000;

  private final NavigableMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final Set<Consumer<Change>> listeners = new CopyOnWriteArraySet<>();
  private long revision = 1;
  private long forgotten = 1;

  /** The newest revision. */
  public synchronized long revision() {
    return revision;
  }

  /** The object, not to be changed by the caller. */
  public synchronized Optional<ObjectNode> get(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Objects of one resource in name order; of all namespaces when {@code namespace} is empty. */
  public synchronized List<ObjectNode> list(String group, String plural, String namespace) {
    List<ObjectNode> found = new ArrayList<>();
    ObjectKey from = new ObjectKey(group, plural, namespace, "");
    for (Map.Entry<ObjectKey, ObjectNode> entry : objects.tailMap(from, true).entrySet()) {
      ObjectKey key = entry.getKey();
      if (!key.group().equals(group)
          || !key.plural().equals(plural)
          || !(namespace.isEmpty() || key.namespace().equals(namespace))) {
        break;
      }
      found.add(entry.getValue());
    }
    return found;
  }

  /** Runs {@code task} with no change in between its reads and subscriptions. */
  public synchronized void atomically(Runnable task) {
    task.run();
  }

  /** Stores the object under the next revision and tells the listeners. */
  public synchronized ObjectNode put(ObjectKey key, ObjectNode object) {
    revision++;
    ObjectNode stored = object.deepCopy();
    Json.child(stored, "metadata").put("resourceVersion", Long.toString(revision));
    ObjectNode before = objects.put(key, stored);
    publish(new Change(revision, key, before, stored, stored));
    return stored;
  }

  /** Removes the object; the change carries its last state with the revision of the removal. */
  public synchronized ObjectNode remove(ObjectKey key, ObjectNode object) {
    ObjectNode before = objects.remove(key);
    revision++;
    ObjectNode last = object.deepCopy();
    Json.child(last, "metadata").put("resourceVersion", Long.toString(revision));
    publish(new Change(revision, key, before, null, last));
    return last;
  }

  /**
   * Calls {@code start} with the changes after {@code since}, or empty when they are no longer
   * known, and then {@code listener} with every later change, none between being lost.
   */
  public synchronized void subscribe(
      long since, Consumer<Optional<List<Change>>> start, Consumer<Change> listener) {
    if (since < forgotten) {
      start.accept(Optional.empty());
      return;
    }
    start.accept(Optional.of(history.stream().filter(c -> c.revision() > since).toList()));
    listeners.add(listener);
  }

  /** Calls {@code listener} with every change from now on. */
  public void subscribe(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /** Ends a subscription. */
  public void unsubscribe(Consumer<Change> listener) {
    listeners.remove(listener);
  }

  /** Forgets every change so far, as a compaction does: watches cannot resume from before it. */
  public synchronized void forgetChanges() {
    history.clear();
    forgotten = revision;
  }

  /** A copy of everything, for a snapshot. */
  public synchronized Contents contents() {
    return new Contents(revision, new TreeMap<>(objects));
  }

  /** Starts from a snapshot, before the first request. */
  public synchronized void restore(Contents contents) {
    objects.clear();
    objects.putAll(contents.objects());
    history.clear();
    revision = contents.revision();
    forgotten = revision;
  }

  private void publish(Change change) {
    history.addLast(change);
    if (history.size() > HISTORY) {
      forgotten = history.removeFirst().revision();
    }
    listeners.forEach(listener -> listener.accept(change));
  }

  /** What a snapshot holds. */
  public record Contents(long revision, NavigableMap<ObjectKey, ObjectNode> objects) {}
}
