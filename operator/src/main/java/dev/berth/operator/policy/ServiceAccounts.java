package dev.berth.operator.policy;

import java.util.Map;
import java.util.Optional;

/** The ServiceAccounts that are there now, as far as the operator may see them. */
public interface ServiceAccounts {

  /** The uid of one. */
  Optional<String> uid(String namespace, String name);

  /** Those of a namespace: name to uid. */
  Map<String, String> of(String namespace);

  /** All: namespace to name to uid. */
  Map<String, Map<String, String>> all();
}
