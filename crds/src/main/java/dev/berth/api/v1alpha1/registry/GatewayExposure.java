package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** An HTTPRoute of the Gateway API in front of the Service. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GatewayExposure(
    @Required
        @Size(min = 1, max = 32)
        @JsonPropertyDescription("The Gateways that the route attaches to.")
        List<GatewayParentRef> parentRefs) {

  /** Puts the documented defaults in place of what is absent. */
  public GatewayExposure {
    parentRefs = requireNonNullElse(parentRefs, List.of());
  }
}
