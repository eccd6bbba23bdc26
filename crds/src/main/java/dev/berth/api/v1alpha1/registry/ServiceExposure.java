package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Service of the registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.nodePort) || self.type == 'NodePort'",
    message = "nodePort is allowed only with type: NodePort",
    fieldPath = ".nodePort")
public record ServiceExposure(
    @Default("ClusterIP")
        @JsonPropertyDescription(
            "ClusterIP: from within the cluster; NodePort: at a port of every node; "
                + "LoadBalancer: at an address of its own. Default: ClusterIP.")
        ServiceType type,
    @Min(1)
        @Max(65535)
        @JsonPropertyDescription(
            "Port on every node, with type: NodePort. Default: one that the cluster picks.")
        @Nullable Integer nodePort,
    @Size(max = 64) @JsonPropertyDescription("Annotations of the Service.")
        Map<String, @Size(max = 4096) String> annotations) {

  /** Puts the documented defaults in place of what is absent. */
  public ServiceExposure {
    type = requireNonNullElse(type, ServiceType.CLUSTER_IP);
    annotations = requireNonNullElse(annotations, Map.of());
  }
}
