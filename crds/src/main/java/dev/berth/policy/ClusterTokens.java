package dev.berth.policy;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;

/**
 * Whose ServiceAccounts are known, and how their tokens are told to be real. The server asks no
 * Kubernetes API: what it would ask for is here.
 *
 * @param issuer of the tokens, as their {@code iss} has it
 * @param keys the JSON Web Key Set that the cluster publishes
 * @param uids of the ServiceAccounts whose tokens count, by namespace and name. One that is not
 *     here is not known; a token that names another uid is of one that is gone
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterTokens(String issuer, String keys, Map<String, Map<String, String>> uids) {

  public ClusterTokens {
    requireNonNull(issuer, "issuer");
    requireNonNull(keys, "keys");
    uids =
        requireNonNullElse(uids, Map.<String, Map<String, String>>of()).entrySet().stream()
            .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
  }

  /** Whether this is the ServiceAccount of that name which is there now. */
  public boolean isCurrent(String namespace, String name, String uid) {
    return uid.equals(uids.getOrDefault(namespace, Map.of()).get(name));
  }
}
