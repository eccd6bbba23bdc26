package dev.berth.api.v1alpha1.accesspolicy;

import dev.berth.api.condition.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link AccessPolicyStatus} field by field. */
public final class AccessPolicyStatusBuilder {

  private @Nullable Long observedGeneration;
  private List<Condition> conditions = List.of();
  private @Nullable PullSecretsStatus pullSecrets;
  private @Nullable Integer effectiveRepositories;

  AccessPolicyStatusBuilder() {}

  /** Sets {@code observedGeneration}. */
  public AccessPolicyStatusBuilder observedGeneration(@Nullable Long observedGeneration) {
    this.observedGeneration = observedGeneration;
    return this;
  }

  /** Sets {@code conditions}. */
  public AccessPolicyStatusBuilder conditions(List<Condition> conditions) {
    this.conditions = conditions;
    return this;
  }

  /** Sets {@code pullSecrets}. */
  public AccessPolicyStatusBuilder pullSecrets(@Nullable PullSecretsStatus pullSecrets) {
    this.pullSecrets = pullSecrets;
    return this;
  }

  /** Sets {@code effectiveRepositories}. */
  public AccessPolicyStatusBuilder effectiveRepositories(@Nullable Integer effectiveRepositories) {
    this.effectiveRepositories = effectiveRepositories;
    return this;
  }

  /** The status with what was set. */
  public AccessPolicyStatus build() {
    return new AccessPolicyStatus(
        observedGeneration, conditions, pullSecrets, effectiveRepositories);
  }
}
