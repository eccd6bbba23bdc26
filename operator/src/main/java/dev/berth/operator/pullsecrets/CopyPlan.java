package dev.berth.operator.pullsecrets;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What separates the copies that there are from those that there should be.
 *
 * @param unwanted to be deleted
 * @param changed to be replaced
 * @param missing to be made
 * @param present namespaces that keep the one they have
 */
record CopyPlan(
    List<Secret> unwanted, List<Change> changed, List<Secret> missing, Set<String> present) {

  /** A copy, and what it should be. */
  record Change(Secret copy, Secret wanted) {}

  /**
   * Compares.
   *
   * @param name that copies should have
   * @param namespaces that should have one
   * @param copies all that were made for the AccessPolicy
   * @param render the copy of a namespace as it should be
   */
  static CopyPlan of(
      String name, Set<String> namespaces, List<Secret> copies, Function<String, Secret> render) {
    List<Secret> unwanted = new ArrayList<>();
    List<Change> changed = new ArrayList<>();
    Set<String> present = new TreeSet<>();
    for (Secret copy : copies) {
      String namespace = copy.getMetadata().getNamespace();
      if (!copy.getMetadata().getName().equals(name) || !namespaces.contains(namespace)) {
        unwanted.add(copy);
        continue;
      }
      Secret wanted = render.apply(namespace);
      if (PullSecretCopy.isAs(copy, wanted)) {
        present.add(namespace);
      } else if (isFixed(copy, wanted)) {
        unwanted.add(copy);
      } else {
        present.add(namespace);
        changed.add(new Change(copy, wanted));
      }
    }
    List<Secret> missing =
        namespaces.stream().filter(namespace -> !present.contains(namespace)).map(render).toList();
    return new CopyPlan(unwanted, changed, missing, present);
  }

  /** Somebody made it what the API server lets nobody change: only a new one helps. */
  private static boolean isFixed(Secret copy, Secret wanted) {
    return Boolean.TRUE.equals(copy.getImmutable())
        || !Objects.equals(copy.getType(), wanted.getType());
  }

  boolean isEmpty() {
    return changed.isEmpty() && missing.isEmpty();
  }
}
