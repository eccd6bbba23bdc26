package dev.berth.api.v1alpha1.repository;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Another registry that this path is a pull-through cache of. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UpstreamSpec(
    @Required
        @Size(min = 1, max = 2048)
        @Pattern(Grammar.HTTP_URL)
        @JsonPropertyDescription("URL of the other registry.")
        String url,
    @Size(min = 1, max = 255)
        @Pattern(Grammar.PATH)
        @JsonPropertyDescription(
            "What replaces, upstream, the part of the path before /**, for example "
                + "library. Default: the same path.")
        @Nullable String path,
    @JsonPropertyDescription("Secret with the keys username and password. Default: anonymous.")
        @Nullable SecretRef credentialsSecretRef,
    @JsonProperty("tagTTL")
        @Default("1h")
        @Size(min = 2, max = 32)
        @Pattern(Grammar.DURATION)
        @JsonPropertyDescription("How long a tag is served without asking upstream. Default: 1h.")
        String tagTtl) {

  /** Puts the documented defaults in place of what is absent. */
  public UpstreamSpec {
    tagTtl = requireNonNullElse(tagTtl, "1h");
  }
}
