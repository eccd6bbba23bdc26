package dev.berth.registry.collect;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.UploadBusyException;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.BlobPush;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Uploads.Receiving;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops uploads that nobody goes on with, and bytes that no session knows: a process that is killed
 * while it receives leaves those.
 */
@Singleton
public final class ExpiredUploads {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiredUploads.class);
  private static final int AT_ONCE = 100;

  private final BlobStore store;
  private final MetadataStore metadata;
  private final Clock clock;
  private final Duration expiry;

  @Inject
  ExpiredUploads(
      BlobStore store, MetadataStore metadata, Clock clock, RegistryConfiguration configuration) {
    this(store, metadata, clock, configuration.garbageCollection().uploadExpiry());
  }

  ExpiredUploads(BlobStore store, MetadataStore metadata, Clock clock, Duration expiry) {
    this.store = store;
    this.metadata = metadata;
    this.clock = clock;
    this.expiry = expiry;
  }

  @Scheduled(initialDelay = "1m", fixedDelay = "10m")
  @ExecuteOn(TaskExecutors.BLOCKING)
  void run() {
    try {
      Swept swept = sweep();
      if (swept.sessions() + swept.leftovers() > 0) {
        LOG.info(
            "dropped {} uploads that nobody went on with for {}, and {} that broke off",
            swept.sessions(),
            expiry,
            swept.leftovers());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("uploads that nobody goes on with could not be dropped; it is tried again", e);
    }
  }

  /** How many uploads were dropped. */
  record Swept(int sessions, int leftovers) {}

  Swept sweep() throws IOException {
    Instant now = clock.instant();
    Instant since = now.minus(expiry);
    int sessions = sessions(since);
    metadata.uploads().forgetEnded(now.minus(BlobPush.FIRST_BYTE));
    return new Swept(sessions, leftovers(since));
  }

  private int sessions(Instant since) throws IOException {
    int dropped = 0;
    List<Receiving> idle;
    do {
      idle = metadata.uploads().idle(since, AT_ONCE);
      for (Receiving session : idle) {
        // First the session: whoever goes on with it must not find it without its bytes.
        if (metadata.uploads().expire(session)) {
          drop(session.bytes());
          dropped++;
        }
      }
    } while (idle.size() == AT_ONCE);
    return dropped;
  }

  private int leftovers(Instant since) throws IOException {
    int dropped = 0;
    for (String bytes : store.idleUploads(since)) {
      if (!metadata.uploads().isInUse(bytes) && drop(bytes)) {
        dropped++;
      }
    }
    return dropped;
  }

  private boolean drop(String bytes) throws IOException {
    try {
      store.discard(bytes);
      return true;
    } catch (UploadBusyException _) {
      // Somebody writes to it at this moment; what is left of it afterwards is found next time.
      return false;
    }
  }
}
