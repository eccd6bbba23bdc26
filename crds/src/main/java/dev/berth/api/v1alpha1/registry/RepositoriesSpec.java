package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.policy.Creation;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** How repositories come to be. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepositoriesSpec(
    @Default("OnPush")
        @JsonPropertyDescription(
            "OnPush: a push that an AccessPolicy allows makes the repository; Declared: a "
                + "push to a path without a Repository object is refused. Default: OnPush.")
        Creation creation,
    @JsonPropertyDescription("What holds for paths without a Repository of their own.")
        @Nullable RepositoryDefaults defaults) {

  /** Puts the documented defaults in place of what is absent. */
  public RepositoriesSpec {
    creation = requireNonNullElse(creation, Creation.ON_PUSH);
  }
}
