package dev.berth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a Secret in the namespace of the object that names it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretKeyRef(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        String name,
    @Default("ca.crt")
        @Size(min = 1, max = 253)
        @Pattern(Grammar.SECRET_KEY)
        @JsonPropertyDescription("Key in the Secret. Default: ca.crt.")
        String key) {

  /** Puts the documented defaults in place of what is absent. */
  public SecretKeyRef {
    key = requireNonNullElse(key, "ca.crt");
  }
}
