package dev.berth.registry.management;

import dev.berth.registry.adopt.AdoptionAtStart;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.RepositoryCatalog;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Whether nothing is left to adopt, the database answers and blobs can be written. A change is
 * logged, once.
 */
@Singleton
@Readiness
final class ReadinessIndicator implements HealthIndicator {
  private static final Logger LOG = LoggerFactory.getLogger(ReadinessIndicator.class);
  private static final RepositoryName ANY = new RepositoryName("health");
  private static final String FINE = "";

  private final RepositoryCatalog catalog;
  private final AdoptionAtStart adoption;
  private final Path folder;
  private final ExecutorService executor;
  private final AtomicReference<String> last = new AtomicReference<>(FINE);

  ReadinessIndicator(
      RepositoryCatalog catalog,
      AdoptionAtStart adoption,
      RegistryConfiguration configuration,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.catalog = catalog;
    this.adoption = adoption;
    this.folder = configuration.storage().filesystem().path();
    this.executor = executor;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return Mono.fromCallable(this::result).subscribeOn(Schedulers.fromExecutor(executor));
  }

  private HealthResult result() {
    String problem = problem();
    if (!problem.equals(last.getAndSet(problem))) {
      if (problem.equals(FINE)) {
        LOG.info("ready again");
      } else {
        LOG.warn("not ready: {}", problem);
      }
    }
    return HealthResult.builder(
            "registry", problem.equals(FINE) ? HealthStatus.UP : HealthStatus.DOWN)
        .build();
  }

  private String problem() {
    if (adoption.isRunning()) {
      return "what another registry left is being taken over; GET /v1/import tells how far it is";
    }
    try {
      catalog.find(ANY);
    } catch (RuntimeException e) {
      return "the database does not answer: " + e.getMessage();
    }
    try {
      Files.delete(Files.createTempFile(folder, ".ready-", ""));
    } catch (IOException e) {
      return "cannot write to " + folder + ", is it read-only or gone?";
    }
    return FINE;
  }
}
