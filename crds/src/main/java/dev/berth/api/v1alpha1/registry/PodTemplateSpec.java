package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What else the pods of the registry carry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PodTemplateSpec(
    @Size(max = 64)
        @JsonPropertyDescription("Labels of the pods, besides those that the operator sets.")
        Map<String, @Size(max = 63) String> labels,
    @Size(max = 64) @JsonPropertyDescription("Annotations of the pods.")
        Map<String, @Size(max = 4096) String> annotations,
    @Size(max = 64) @JsonPropertyDescription("Labels of the nodes that the pods may run on.")
        Map<String, @Size(max = 63) String> nodeSelector,
    @Size(max = 64) @JsonPropertyDescription("Taints that the pods tolerate.")
        List<Toleration> tolerations,
    @JsonPropertyDescription(
            "Affinity of the pods, as in the affinity of a Pod. Default: replicas prefer "
                + "different nodes.")
        @Nullable JsonNode affinity,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Spreading of the pods, each as in the topologySpreadConstraints of a Pod.")
        List<JsonNode> topologySpreadConstraints,
    @Size(max = 253)
        @JsonPropertyDescription("PriorityClass of the pods. Default: that of the cluster.")
        @Nullable String priorityClassName,
    @Size(max = 16)
        @JsonPropertyDescription("Secrets that the image of the registry is pulled with.")
        List<SecretRef> imagePullSecrets) {

  /** Puts the documented defaults in place of what is absent. */
  public PodTemplateSpec {
    labels = requireNonNullElse(labels, Map.of());
    annotations = requireNonNullElse(annotations, Map.of());
    nodeSelector = requireNonNullElse(nodeSelector, Map.of());
    tolerations = requireNonNullElse(tolerations, List.of());
    topologySpreadConstraints = requireNonNullElse(topologySpreadConstraints, List.of());
    imagePullSecrets = requireNonNullElse(imagePullSecrets, List.of());
  }
}
