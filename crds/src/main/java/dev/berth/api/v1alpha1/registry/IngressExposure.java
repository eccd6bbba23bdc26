package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An Ingress in front of the Service. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record IngressExposure(
    @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription("IngressClass. Default: that of the cluster.")
        @Nullable String className,
    @Size(max = 64) @JsonPropertyDescription("Annotations of the Ingress.")
        Map<String, @Size(max = 4096) String> annotations) {

  /** Puts the documented defaults in place of what is absent. */
  public IngressExposure {
    annotations = requireNonNullElse(annotations, Map.of());
  }
}
