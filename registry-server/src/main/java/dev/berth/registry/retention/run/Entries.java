package dev.berth.registry.retention.run;

import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Retention;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The entries of the policy in force, and which repositories they are for. */
@Singleton
public final class Entries {
  private final PolicyInForce policy;

  Entries(PolicyInForce policy) {
    this.policy = policy;
  }

  /** The name of the entry that a repository belongs to; empty: of none. */
  public String of(RepositoryName repository) {
    return policy.declaring(repository).map(DeclaredRepository::name).orElse("");
  }

  /** Those that have rules, by name. */
  Map<String, Entry> withRules() {
    Map<String, Entry> entries = new TreeMap<>();
    for (DeclaredRepository declared : policy.declared()) {
      Retention retention = declared.retention();
      if (retention != null) {
        entries.put(declared.name(), Entry.of(declared, retention));
      }
    }
    Retention defaults = policy.space().retention();
    if (defaults != null) {
      entries.put("", Entry.ofDefaults(defaults));
    }
    return entries;
  }

  /** Whether a repository is still under the rules that a plan is by. */
  boolean stillHold(Entry entry, RepositoryName repository) {
    Optional<DeclaredRepository> declared = policy.declaring(repository);
    Retention now = declared.isPresent() ? declared.get().retention() : policy.space().retention();
    return now != null
        && declared.map(DeclaredRepository::name).orElse("").equals(entry.name())
        && Entry.ofDefaults(now).hash().equals(entry.hash());
  }
}
