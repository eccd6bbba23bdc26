package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** An issuer of cert-manager. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IssuerRef(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription("Name of the issuer.")
        String name,
    @Size(min = 1, max = 63)
        @Pattern(Grammar.KIND)
        @JsonPropertyDescription(
            "Kind of the issuer: Issuer, ClusterIssuer, or that of an external issuer. "
                + "Default: Issuer.")
        String kind,
    @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription("API group of the issuer. Default: cert-manager.io.")
        String group) {

  /**
   * Puts the documented defaults in place of what is absent. The schema has none: they would stay
   * behind when another member of tls is applied, without the name that they need.
   */
  public IssuerRef {
    kind = requireNonNullElse(kind, "Issuer");
    group = requireNonNullElse(group, "cert-manager.io");
  }
}
