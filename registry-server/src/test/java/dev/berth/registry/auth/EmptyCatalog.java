package dev.berth.registry.auth;

import dev.berth.registry.metadata.RepositoryCatalog;
import dev.berth.registry.oci.RepositoryName;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Holds nothing, where there is no other. */
@Singleton
@Requires(missingBeans = RepositoryCatalog.class)
final class EmptyCatalog implements RepositoryCatalog {
  @Override
  public Optional<Repository> find(RepositoryName name) {
    return Optional.empty();
  }

  @Override
  public Usage usage() {
    return new Usage(0, 0, 0, 0, 0);
  }
}
