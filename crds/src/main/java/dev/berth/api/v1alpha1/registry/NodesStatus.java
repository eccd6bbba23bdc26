package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which nodes can pull by the name of the registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodesStatus(
    @JsonPropertyDescription("Number of nodes that are configured.") @Nullable Integer configured,
    @JsonPropertyDescription("Number of nodes that should be.") @Nullable Integer total,
    @Size(max = 10) @JsonPropertyDescription("Nodes that could not be configured; the first ten.")
        List<FailingNode> failing) {

  /** Puts the documented defaults in place of what is absent. */
  public NodesStatus {
    failing = requireNonNullElse(failing, List.of());
  }
}
