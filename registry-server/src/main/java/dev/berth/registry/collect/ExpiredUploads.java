package dev.berth.registry.collect;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.blob.StagedBlob;
import dev.berth.registry.blob.UploadBusyException;
import dev.berth.registry.blob.UploadLostException;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.content.BlobPush;
import dev.berth.registry.content.DigestLocks;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Uploads.Receiving;
import dev.berth.registry.oci.Digest;
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
import java.util.Optional;
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
  private final DigestLocks locks;
  private final Clock clock;
  private final Duration expiry;

  @Inject
  ExpiredUploads(
      BlobStore store,
      MetadataStore metadata,
      DigestLocks locks,
      Clock clock,
      RegistryConfiguration configuration) {
    this(store, metadata, locks, clock, configuration.garbageCollection().uploadExpiry());
  }

  ExpiredUploads(
      BlobStore store, MetadataStore metadata, DigestLocks locks, Clock clock, Duration expiry) {
    this.store = store;
    this.metadata = metadata;
    this.locks = locks;
    this.clock = clock;
    this.expiry = expiry;
  }

  @Scheduled(initialDelay = "1m", fixedDelay = "10m")
  @ExecuteOn(TaskExecutors.BLOCKING)
  void run() {
    try {
      if (metadata.adoption().state() == Adoption.State.RUNNING) {
        return;
      }
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
  public record Swept(int sessions, int leftovers) {}

  public Swept sweep() throws IOException {
    Instant now = clock.instant();
    Instant since = now.minus(expiry);
    int sessions = sessions(since);
    metadata.uploads().forgetEnded(now.minus(BlobPush.FIRST_BYTE));
    return new Swept(sessions, leftovers(since));
  }

  private int sessions(Instant since) {
    int dropped = 0;
    int before;
    List<Receiving> idle;
    do {
      before = dropped;
      idle = metadata.uploads().idle(since, AT_ONCE);
      for (Receiving session : idle) {
        dropped += expire(session) ? 1 : 0;
      }
    } while (idle.size() == AT_ONCE && dropped > before);
    return dropped;
  }

  /** Under the lock of its bytes, so that nobody adds to them meanwhile, or does right now. */
  private boolean expire(Receiving session) {
    try (StagedBlob staged = store.resume(session.bytes(), session::received)) {
      boolean expired = metadata.uploads().expire(session);
      if (expired) {
        staged.discard();
      }
      return expired;
    } catch (UploadBusyException _) {
      return false;
    } catch (UploadLostException _) {
      // Or they are content that was being named when its process ended.
      return metadata.uploads().expire(session) && dropLeftover(session.bytes());
    } catch (IOException e) {
      return failed(session.bytes(), e);
    }
  }

  private int leftovers(Instant since) throws IOException {
    int dropped = 0;
    for (String bytes : store.idleUploads(since)) {
      dropped += !metadata.uploads().isInUse(bytes) && dropLeftover(bytes) ? 1 : 0;
    }
    return dropped;
  }

  /** A process that was killed after it named its content and before it said so leaves both. */
  private boolean dropLeftover(String bytes) {
    try {
      Optional<Digest> content = store.published(bytes);
      if (content.isPresent()) {
        try (DigestLocks.Held _ = locks.erasing(List.of(content.get()))) {
          if (!metadata.collection().knows(content.get())) {
            store.delete(content.get());
          }
        }
      }
      return drop(bytes);
    } catch (IOException e) {
      return failed(bytes, e);
    }
  }

  private boolean drop(String bytes) {
    try {
      store.discard(bytes);
      return true;
    } catch (UploadBusyException _) {
      // Somebody writes to it at this moment; what is left of it afterwards is found next time.
      return false;
    } catch (IOException e) {
      return failed(bytes, e);
    }
  }

  private static boolean failed(String bytes, IOException cause) {
    LOG.warn("the upload {} could not be dropped; it is tried again", bytes, cause);
    return false;
  }
}
