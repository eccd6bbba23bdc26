package dev.berth.api.v1alpha1.repository;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the next run deletes. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetentionPreview(
    @JsonPropertyDescription("When this was computed.") @Nullable String at,
    @JsonPropertyDescription("Number of tags that go.") @Nullable Long expiringTags,
    @JsonPropertyDescription("Number of manifests without a tag that go besides.")
        @Nullable Long expiringManifests,
    @JsonPropertyDescription("Bytes that become free.") @Nullable Long expiringBytes,
    @Size(max = 20) @JsonPropertyDescription("Some of what goes; the first twenty.")
        List<ExpiringTag> sample) {

  /** Puts the documented defaults in place of what is absent. */
  public RetentionPreview {
    sample = requireNonNullElse(sample, List.of());
  }
}
