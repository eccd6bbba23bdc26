package dev.berth.registry.adopt;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.metadata.Adoption.State;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.ManifestReader;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adopts by itself what lies on the volume of a new registry, and goes on with what was broken off,
 * before a client sees anything. Only a registry that nothing was ever pushed to looks whether
 * there is something.
 */
@Singleton
public final class AdoptionAtStart
    implements ApplicationEventListener<StartupEvent>, Adopter.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(AdoptionAtStart.class);
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final Adopter adopter;
  private final Adoption adoption;
  private final Clock clock;
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile boolean running;
  private volatile @Nullable Thread thread;
  private Instant said = Instant.EPOCH;

  AdoptionAtStart(
      MetadataStore metadata,
      BlobStore store,
      ManifestReader reader,
      Clock clock,
      RegistryConfiguration configuration) {
    this.adopter = new Adopter(metadata, store, reader, configuration);
    this.adoption = metadata.adoption();
    this.clock = clock;
    this.running = isNeeded();
  }

  private boolean isNeeded() {
    State state = adoption.state();
    if (state == State.UNDECIDED) {
      if (!adopter.hasSource()) {
        adoption.decline();
        return false;
      }
      adoption.begin(false);
      return true;
    }
    return state == State.RUNNING;
  }

  /** Whether clients have to wait. */
  public boolean isRunning() {
    return running;
  }

  @Override
  public void onApplicationEvent(StartupEvent event) {
    if (running) {
      thread = Thread.ofPlatform().name("adoption").start(this::run);
    }
  }

  private void run() {
    LOG.info("taking over what another registry left in {}; clients wait", adopter.source());
    boolean again = true;
    while (again) {
      try {
        adopter.run(this);
        again = false;
      } catch (IOException | RuntimeException e) {
        LOG.error("the adoption broke off; it goes on in {}", AGAIN, e);
        again = !waitUntilNextTry();
      }
    }
    if (adoption.state() == State.DONE) {
      LOG.info("adoption done: {}", adoption.progress(0).summary());
      running = false;
    }
  }

  /** Whether the server ends instead. */
  private boolean waitUntilNextTry() {
    try {
      return ending.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return true;
    }
  }

  @Override
  public void skipped(Problem problem) {
    LOG.warn("skipped {}: it {}", problem.path(), problem.reason());
  }

  @Override
  public void advanced() {
    Instant now = clock.instant();
    if (!said.plus(BETWEEN_LINES).isAfter(now)) {
      LOG.info("adoption: {}", adoption.progress(0).summary());
      said = now;
    }
  }

  @PreDestroy
  void end() throws InterruptedException {
    adopter.stop();
    ending.countDown();
    Thread runs = thread;
    if (runs != null) {
      runs.join();
    }
  }
}
