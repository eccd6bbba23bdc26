package dev.berth.api.v1alpha1.repository;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.condition.Condition;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Repository is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RepositoryStatus(
    @Min(0) @JsonPropertyDescription("metadata.generation of the spec that this status describes.")
        @Nullable Long observedGeneration,
    @Size(max = 32)
        @JsonPropertyDescription("What is true of this Repository now. Each type is there once.")
        List<Condition> conditions,
    @JsonPropertyDescription("Number of repositories that the path matches.")
        @Nullable Integer repositories,
    @JsonPropertyDescription("How full they are.") @Nullable RepositoryUsage usage,
    @JsonPropertyDescription("What retention did and will do.")
        @Nullable RetentionStatus retention) {

  /** Puts the documented defaults in place of what is absent. */
  public RepositoryStatus {
    conditions = requireNonNullElse(conditions, List.of());
  }

  /** A builder without any value. */
  public static RepositoryStatusBuilder builder() {
    return new RepositoryStatusBuilder();
  }
}
