package dev.berth.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store's objects in a file from one start to the next. The file is written soon after a
 * change and at the end, next to its place first, so that a crash leaves the older one whole. Only
 * its owner may read it, since it holds Secrets.
 */
public final class Snapshot implements Consumer<Change>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PRIVATE);

  private final ObjectStore store;
  private final Path file;
  private final AtomicBoolean pending = new AtomicBoolean();
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("api-snapshot").factory());

  private Snapshot(ObjectStore store, Path file) {
    this.store = store;
    this.file = file;
  }

  /** Loads the file into the store, if there is one, and writes it from now on. */
  public static Snapshot of(ObjectStore store, Path file) {
    if (Files.exists(file)) {
      store.restore(read(file));
    }
    Snapshot snapshot = new Snapshot(store, file.toAbsolutePath());
    store.subscribe(snapshot);
    return snapshot;
  }

  /** Writes the last state. */
  @Override
  public void close() {
    store.unsubscribe(this);
    writer.shutdownNow();
    try {
      writer.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
  }

  @Override
  public void accept(Change change) {
    if (pending.compareAndSet(false, true)) {
      var _ = writer.schedule(this::writeQuietly, QUIET.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void writeQuietly() {
    pending.set(false);
    try {
      write();
    } catch (UncheckedIOException e) {
      LOG.error("The objects are kept in memory only until this is mended", e);
    }
  }

  private synchronized void write() {
    ObjectStore.Contents contents = store.contents();
    ObjectNode snapshot = Json.object().put("revision", contents.revision());
    ArrayNode objects = snapshot.putArray("objects");
    contents
        .objects()
        .forEach(
            (key, object) ->
                objects
                    .addObject()
                    .put("group", key.group())
                    .put("plural", key.plural())
                    .set("object", object));
    try {
      replace(Json.write(snapshot));
    } catch (IOException e) {
      throw new UncheckedIOException("The API's objects cannot be saved to " + file, e);
    }
  }

  private void replace(String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    Set<StandardOpenOption> create =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(next, create, PRIVATE_FILE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ObjectStore.Contents read(Path file) {
    try {
      JsonNode snapshot = Json.read(Files.readString(file));
      NavigableMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
      for (JsonNode entry : snapshot.path("objects")) {
        if (entry.path("object") instanceof ObjectNode object) {
          objects.put(
              new ObjectKey(
                  entry.path("group").asText(),
                  entry.path("plural").asText(),
                  object.at("/metadata/namespace").asText(""),
                  object.at("/metadata/name").asText()),
              object);
        }
      }
      if (!snapshot.path("revision").isNumber() || objects.isEmpty()) {
        throw new IOException("it holds no objects");
      }
      return new ObjectStore.Contents(snapshot.path("revision").asLong(), objects);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The API's objects cannot be read from " + file + "; move the file away to start anew",
          e);
    }
  }
}
