package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;

/** Who reaches the pods of the registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NetworkPolicySpec(
    @Default("true") @JsonPropertyDescription("Whether there is a NetworkPolicy. Default: true.")
        Boolean enabled,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Who may reach the port for clients. Default: everybody. The management port "
                + "is open to the operator and to monitoring only.")
        List<NetworkPolicyPeer> from) {

  /** Puts the documented defaults in place of what is absent. */
  public NetworkPolicySpec {
    enabled = requireNonNullElse(enabled, true);
    from = requireNonNullElse(from, List.of());
  }
}
