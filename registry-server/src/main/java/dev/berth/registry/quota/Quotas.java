package dev.berth.registry.quota;

import dev.berth.policy.Canary;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.policy.Quota;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Room;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The limits of the policy in force, and how much of them is used. */
@Singleton
public final class Quotas {
  private static final int WARN_FROM_PERCENT = 90;

  private final PolicyInForce policy;
  private final MetadataStore metadata;

  /** Asks these whenever somebody wants to know. */
  public Quotas(PolicyInForce policy, MetadataStore metadata) {
    this.policy = policy;
    this.metadata = metadata;
  }

  /** What may be pushed to a repository at this moment. */
  public Allowance of(RepositoryName name) {
    if (Canary.is(name.value())) {
      // A few kilobytes; a registry that is full must still be able to say that nodes can pull.
      return new Allowance("the registry", Room.UNLIMITED, null);
    }
    SpaceRules space = policy.space();
    Optional<DeclaredRepository> declared = policy.declaring(name);
    Quota quota = declared.isPresent() ? declared.get().quota() : space.quota();
    if (quota == null) {
      return new Allowance("the registry", new Room(space.storageBytes(), null, null, null), null);
    }
    return new Allowance(
        declared.map(d -> "Repository " + d.name()).orElse("the registry's defaults"),
        new Room(
            space.storageBytes(),
            held(name, declared, quota.storageBytes()),
            quota.tags(),
            quota.imageBytes()),
        quota.manifestBytes());
  }

  /** Of undeclared repositories each counts for itself. */
  private Room.@Nullable Held held(
      RepositoryName name, Optional<DeclaredRepository> declared, @Nullable Long bytes) {
    if (bytes == null) {
      return null;
    }
    PathPattern path = declared.map(DeclaredRepository::path).orElse(null);
    if (path == null || path.isExact()) {
      return new Room.Held(name.value(), name.value(), any -> true, bytes);
    }
    String prefix = path.value().substring(0, path.value().length() - "**".length());
    // Behind every name that begins so: names have no such character.
    return new Room.Held(prefix, prefix + '~', other -> isOf(path, other), bytes);
  }

  private boolean isOf(PathPattern path, String name) {
    return policy
        .declaring(new RepositoryName(name))
        .filter(d -> d.path().equals(path))
        .isPresent();
  }

  /**
   * Lets bytes come that fit, as far as is known before they do.
   *
   * @param bytes that are about to be sent and not there yet; not above zero: nobody knows how many
   * @throws OciException DENIED
   */
  public void requireRoom(RepositoryName name, long bytes) {
    Allowance allowance = of(name);
    long more = Math.max(1, bytes);
    Long stored = allowance.room().stored();
    if (stored != null) {
      requireBelow(allowance, Room.Limit.STORED, metadata.storedBytes() + more, stored);
    }
    Room.Held held = allowance.room().held();
    if (held != null) {
      requireBelow(allowance, Room.Limit.HELD, metadata.heldBytes(held) + more, held.bytes());
    }
  }

  private static void requireBelow(Allowance allowance, Room.Limit limit, long wanted, long most) {
    if (wanted > most) {
      throw allowance.refusal(limit, wanted);
    }
  }

  /** What whoever pushed should know: that little is left. */
  public Optional<String> warning(RepositoryName name) {
    Allowance allowance = of(name);
    Room.Held held = allowance.room().held();
    if (held != null) {
      Optional<String> warning =
          warning("quota.storage of " + allowance.source(), metadata.heldBytes(held), held.bytes());
      if (warning.isPresent()) {
        return warning;
      }
    }
    Long stored = allowance.room().stored();
    return stored == null
        ? Optional.empty()
        : warning("quota.storage of the Registry", metadata.storedBytes(), stored);
  }

  private static Optional<String> warning(String what, long used, long most) {
    return used * 100.0 < (double) most * WARN_FROM_PERCENT
        ? Optional.empty()
        : Optional.of(
            "%s of %s are used of %s"
                .formatted(Allowance.readable(used), Allowance.readable(most), what));
  }
}
