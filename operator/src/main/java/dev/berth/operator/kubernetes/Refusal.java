package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server did not do, in its own words where it gave any. */
public final class Refusal {
  private Refusal() {}

  public static String words(KubernetesClientException refusal) {
    return refusal.getStatus() == null || refusal.getStatus().getMessage() == null
        ? String.valueOf(refusal.getMessage())
        : refusal.getStatus().getMessage();
  }
}
