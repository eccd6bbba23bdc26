package dev.berth.operator.registry.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.api.v1alpha1.SecretRef;
import dev.berth.api.v1alpha1.registry.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the user wants of the pods, besides the server itself. */
public record PodModel(
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    @Nullable Affinity affinity,
    List<TopologySpreadConstraint> topologySpreadConstraints,
    @Nullable String priorityClassName,
    List<String> imagePullSecrets) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Pods without any wish. */
  public static final PodModel PLAIN =
      new PodModel(Map.of(), Map.of(), Map.of(), List.of(), null, List.of(), null, List.of());

  /**
   * Reads the parts that the schema leaves open.
   *
   * @throws IllegalArgumentException when they are not what a pod takes
   */
  public static PodModel of(@Nullable PodTemplateSpec spec) {
    if (spec == null) {
      return PLAIN;
    }
    String priority = spec.priorityClassName();
    return new PodModel(
        spec.labels(),
        spec.annotations(),
        spec.nodeSelector(),
        spec.tolerations(),
        spec.affinity() == null ? null : JSON.convertValue(spec.affinity(), Affinity.class),
        spec.topologySpreadConstraints().stream()
            .map(constraint -> JSON.convertValue(constraint, TopologySpreadConstraint.class))
            .toList(),
        priority == null || priority.isEmpty() ? null : priority,
        spec.imagePullSecrets().stream().map(SecretRef::name).toList());
  }
}
