package dev.berth.api.v1alpha1.repository;

import dev.berth.api.condition.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link RepositoryStatus} field by field. */
public final class RepositoryStatusBuilder {

  private @Nullable Long observedGeneration;
  private List<Condition> conditions = List.of();
  private @Nullable Integer repositories;
  private @Nullable RepositoryUsage usage;
  private @Nullable RetentionStatus retention;

  RepositoryStatusBuilder() {}

  /** Sets {@code observedGeneration}. */
  public RepositoryStatusBuilder observedGeneration(@Nullable Long observedGeneration) {
    this.observedGeneration = observedGeneration;
    return this;
  }

  /** Sets {@code conditions}. */
  public RepositoryStatusBuilder conditions(List<Condition> conditions) {
    this.conditions = conditions;
    return this;
  }

  /** Sets {@code repositories}. */
  public RepositoryStatusBuilder repositories(@Nullable Integer repositories) {
    this.repositories = repositories;
    return this;
  }

  /** Sets {@code usage}. */
  public RepositoryStatusBuilder usage(@Nullable RepositoryUsage usage) {
    this.usage = usage;
    return this;
  }

  /** Sets {@code retention}. */
  public RepositoryStatusBuilder retention(@Nullable RetentionStatus retention) {
    this.retention = retention;
    return this;
  }

  /** The status with what was set. */
  public RepositoryStatus build() {
    return new RepositoryStatus(observedGeneration, conditions, repositories, usage, retention);
  }
}
