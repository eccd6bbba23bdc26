package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.ClaimFacts;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** The API server does not let a claim grow. What it holds is served all the same. */
public final class ExpansionRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String message;

  ExpansionRefusedException(
      String claim, ClaimFacts was, ClaimFacts wanted, KubernetesClientException refusal) {
    super(null, null, false, false);
    String words =
        refusal.getStatus() == null || refusal.getStatus().getMessage() == null
            ? "no"
            : refusal.getStatus().getMessage();
    this.message =
        "Claim %s stays at %s instead of %s, the API server says: %s"
            .formatted(claim, was.requested(), wanted.requested(), words.strip());
  }

  @Override
  public String getMessage() {
    return message;
  }
}
