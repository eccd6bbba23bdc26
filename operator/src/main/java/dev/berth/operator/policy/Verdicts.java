package dev.berth.operator.policy;

import dev.berth.policy.PullSecrets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The newest compiled policy of each Registry, which the reconcilers of the other two kinds report
 * from. Compiling once per Registry, and telling only the objects whose verdict changed, keeps a
 * change of one object from costing a visit to all.
 */
public final class Verdicts {

  /**
   * The policy of one Registry.
   *
   * @param enforced whether every replica has acknowledged it
   * @param credentials what pull secrets are made of; empty while the Registry is not served
   */
  public record Published(
      CompiledPolicy policy, boolean enforced, Optional<PullCredentials> credentials) {}

  /** Hears which objects have to report anew. */
  public interface Listener {
    void changed(Set<ObjectKey> repositories, Set<ObjectKey> accessPolicies);
  }

  private final Map<ObjectKey, Published> byRegistry = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  public Optional<Published> of(ObjectKey registry) {
    return Optional.ofNullable(byRegistry.get(registry));
  }

  public void publish(ObjectKey registry, Published published) {
    Published before = byRegistry.put(registry, published);
    CompiledPolicy old = before == null ? null : before.policy();
    Set<ObjectKey> repositories =
        changed(old == null ? null : old.repositories(), published.policy().repositories());
    boolean sameEnforcement = before != null && before.enforced() == published.enforced();
    Set<ObjectKey> accessPolicies =
        changed(
            old == null || !sameEnforcement ? null : old.accessPolicies(),
            published.policy().accessPolicies());
    accessPolicies.addAll(otherPullSecrets(before, published));
    if (!repositories.isEmpty() || !accessPolicies.isEmpty()) {
      listeners.forEach(listener -> listener.changed(repositories, accessPolicies));
    }
  }

  /** Forgets a Registry that is gone, so that one of the same name starts anew. */
  public void forget(ObjectKey registry) {
    byRegistry.remove(registry);
  }

  /** AccessPolicies whose copies may have to change. */
  private static Set<ObjectKey> otherPullSecrets(@Nullable Published before, Published after) {
    Set<PullSecrets> old =
        before == null || !before.credentials().equals(after.credentials())
            ? Set.of()
            : Set.copyOf(before.policy().content().pullSecrets());
    Set<String> changed =
        after.policy().content().pullSecrets().stream()
            .filter(entry -> !old.contains(entry))
            .map(PullSecrets::policy)
            .collect(Collectors.toCollection(HashSet::new));
    Set<String> named =
        after.policy().content().pullSecrets().stream()
            .map(PullSecrets::policy)
            .collect(Collectors.toSet());
    old.stream()
        .map(PullSecrets::policy)
        .filter(policy -> !named.contains(policy))
        .forEach(changed::add);
    return after.policy().accessPolicies().keySet().stream()
        .filter(key -> changed.contains(key.toString()))
        .collect(Collectors.toSet());
  }

  private static Set<ObjectKey> changed(
      @Nullable Map<ObjectKey, Verdict> before, Map<ObjectKey, Verdict> after) {
    Set<ObjectKey> changed = new HashSet<>();
    after.forEach(
        (key, verdict) -> {
          if (before == null || !Objects.equals(before.get(key), verdict)) {
            changed.add(key);
          }
        });
    return changed;
  }
}
