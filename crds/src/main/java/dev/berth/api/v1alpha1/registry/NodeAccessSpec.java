package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** How kubelets pull by the name of the registry and trust its certificate. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeAccessSpec(
    @Default("None")
        @JsonPropertyDescription(
            "None, or HostsToml: a DaemonSet writes certs.d/<host>/ of the container "
                + "runtime on each node. Default: None.")
        NodeAccessMode mode,
    @Size(max = 64)
        @JsonPropertyDescription("Tolerations of the DaemonSet, besides those for every taint.")
        List<Toleration> tolerations,
    @Size(max = 64)
        @JsonPropertyDescription("Labels of the nodes that are configured. Default: every node.")
        Map<String, @Size(max = 63) String> nodeSelector) {

  /** Puts the documented defaults in place of what is absent. */
  public NodeAccessSpec {
    mode = requireNonNullElse(mode, NodeAccessMode.NONE);
    tolerations = requireNonNullElse(tolerations, List.of());
    nodeSelector = requireNonNullElse(nodeSelector, Map.of());
  }
}
