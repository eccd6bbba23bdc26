package dev.berth.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The credentials that an AccessPolicy keeps in namespaces. Whoever has one may pull what the
 * policy lets its subjects pull, and nothing else.
 *
 * @param policy {@code namespace/name} of the AccessPolicy
 * @param uid of the AccessPolicy: one that is made anew has other credentials
 * @param generations that count, more than one while copies are being replaced
 * @param namespaces that have a copy
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PullSecrets(
    String policy, String uid, List<Long> generations, SortedSet<String> namespaces) {

  public PullSecrets {
    requireNonNull(policy, "policy");
    requireNonNull(uid, "uid");
    generations = List.copyOf(requireNonNull(generations, "generations"));
    namespaces =
        Collections.unmodifiableSortedSet(new TreeSet<>(requireNonNull(namespaces, "namespaces")));
  }
}
