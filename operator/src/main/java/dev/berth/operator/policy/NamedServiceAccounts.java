package dev.berth.operator.policy;

import dev.berth.policy.Grant;
import dev.berth.policy.Subject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ServiceAccounts that grants name, whether they exist or not. Tokens of others are for
 * nothing, and their uids would only make the document grow.
 *
 * @param all some grant is for everybody with a credential
 * @param namespaces those of which every ServiceAccount is named
 * @param names the others: namespace to names
 */
public record NamedServiceAccounts(
    boolean all, Set<String> namespaces, Map<String, Set<String>> names) {

  /** Those that the subjects of the grants stand for. */
  static NamedServiceAccounts of(Collection<Grant> grants) {
    boolean all = false;
    Set<String> namespaces = new HashSet<>();
    Map<String, Set<String>> names = new HashMap<>();
    for (Subject subject : grants.stream().map(Grant::subjects).flatMap(List::stream).toList()) {
      String namespace = subject.namespace();
      if (subject.kind() == Subject.Kind.AUTHENTICATED) {
        all = true;
      } else if (subject.kind() == Subject.Kind.SERVICE_ACCOUNT && namespace != null) {
        if (subject.name() == null) {
          namespaces.add(namespace);
        } else {
          names.computeIfAbsent(namespace, none -> new HashSet<>()).add(subject.name());
        }
      }
    }
    return new NamedServiceAccounts(all, namespaces, names);
  }

  /** Whether this one counts, if it exists. */
  public boolean contains(String namespace, String name) {
    return all
        || namespaces.contains(namespace)
        || names.getOrDefault(namespace, Set.of()).contains(name);
  }

  /** Those that exist: namespace to name to uid. */
  public Map<String, Map<String, String>> uids(ServiceAccounts there) {
    if (all) {
      return there.all();
    }
    Map<String, Map<String, String>> uids = new HashMap<>();
    names.forEach(
        (namespace, wanted) ->
            wanted.forEach(
                name ->
                    there
                        .uid(namespace, name)
                        .ifPresent(
                            uid ->
                                uids.computeIfAbsent(namespace, none -> new HashMap<>())
                                    .put(name, uid))));
    for (String namespace : namespaces) {
      Map<String, String> every = there.of(namespace);
      if (!every.isEmpty()) {
        uids.put(namespace, every);
      }
    }
    return uids;
  }
}
