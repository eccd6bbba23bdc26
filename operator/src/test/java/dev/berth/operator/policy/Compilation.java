package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.repository.Repository;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Registry with its Repositories, compiled; no AccessPolicy, and every namespace without labels.
 */
final class Compilation {
  private Compilation() {}

  static CompiledPolicy of(Registry registry, Repository... repositories) {
    return PolicyCompiler.compile(
        registry,
        List.of(repositories),
        List.of(),
        name -> Optional.of(Map.of()),
        named -> Optional.empty(),
        Instant.EPOCH);
  }
}
