package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.condition.Condition;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Registry is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RegistryStatus(
    @Min(0) @JsonPropertyDescription("metadata.generation of the spec that this status describes.")
        @Nullable Long observedGeneration,
    @Size(max = 32)
        @JsonPropertyDescription("What is true of this Registry now. Each type is there once.")
        List<Condition> conditions,
    @JsonPropertyDescription("URL of the registry under its canonical name.") @Nullable String url,
    @Size(max = 64) @JsonPropertyDescription("Every way to reach the registry.")
        List<Endpoint> endpoints,
    @JsonPropertyDescription("Secret whose key ca.crt clients need to trust.")
        @Nullable SecretRef caBundleSecretRef,
    @JsonPropertyDescription("The certificate that clients see.")
        @Nullable CertificateStatus certificate,
    @StatusReplicas @JsonPropertyDescription("Number of pods.") @Nullable Integer replicas,
    @JsonPropertyDescription("Number of pods that take requests.") @Nullable Integer readyReplicas,
    @io.fabric8.kubernetes.model.annotation.LabelSelector
        @JsonPropertyDescription("Label selector of the pods, for the scale subresource.")
        @Nullable String selector,
    @JsonPropertyDescription("Version of the server that runs.") @Nullable String version,
    @JsonPropertyDescription("The access rules in force.") @Nullable PolicyStatus policy,
    @JsonPropertyDescription("How full the registry is.") @Nullable RegistryUsage usage,
    @JsonPropertyDescription("What garbage collection did.")
        @Nullable GarbageCollectionStatus garbageCollection,
    @JsonPropertyDescription("Which nodes can pull by the name of the registry, with nodeAccess.")
        @Nullable NodesStatus nodes,
    @Size(max = 32) @JsonPropertyDescription("Trial pulls, one for each pool of nodes.")
        List<NodeReachability> reachability,
    @Size(max = 64)
        @JsonPropertyDescription(
            "What applying the spec would change, with the annotation berth.dev/plan.")
        List<PlannedChange> plan,
    @JsonPropertyDescription("The settings in force, with every default put in.")
        @Nullable JsonNode effective) {

  /** Puts the documented defaults in place of what is absent. */
  public RegistryStatus {
    conditions = requireNonNullElse(conditions, List.of());
    endpoints = requireNonNullElse(endpoints, List.of());
    reachability = requireNonNullElse(reachability, List.of());
    plan = requireNonNullElse(plan, List.of());
  }

  /** A builder without any value. */
  public static RegistryStatusBuilder builder() {
    return new RegistryStatusBuilder();
  }
}
