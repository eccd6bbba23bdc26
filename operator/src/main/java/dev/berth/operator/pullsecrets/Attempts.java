package dev.berth.operator.pullsecrets;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.operator.kubernetes.Refusal;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the next namespace when the API server refuses something in one, as a quota does.
 */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final ObjectKey policy;
  private @Nullable String first;
  private int failed;

  Attempts(AccessPolicy policy) {
    this.policy = ObjectKey.of(policy);
  }

  void run(String namespace, Runnable request) {
    try {
      request.run();
    } catch (KubernetesClientException e) {
      if (e.getCode() < 400 || e.getCode() >= 500) {
        // Nobody answers, or the API server is in trouble: the whole visit is tried again.
        throw e;
      }
      String words = Refusal.words(e);
      LOG.warn("access policy {}: pull secret in namespace {}: {}", policy, namespace, words);
      failed++;
      first = first == null ? "in namespace %s: %s".formatted(namespace, words) : first;
    }
  }

  Optional<String> failure() {
    return Optional.ofNullable(first)
        .map(words -> failed == 1 ? words : "%s; %d requests more".formatted(words, failed - 1));
  }
}
