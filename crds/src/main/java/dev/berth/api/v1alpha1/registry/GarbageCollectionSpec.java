package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** When space is given back. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "duration(self.gracePeriod) <= duration('8760h')",
    message = "gracePeriod is at most 8760h",
    fieldPath = ".gracePeriod")
@ValidationRule(
    value = "duration(self.undoWindow) <= duration('8760h')",
    message = "undoWindow is at most 8760h",
    fieldPath = ".undoWindow")
@ValidationRule(
    value =
        "duration(self.uploadExpiry) >= duration('1m') && duration(self.uploadExpiry) <= "
            + "duration('8760h')",
    message = "uploadExpiry is from 1m to 8760h",
    fieldPath = ".uploadExpiry")
public record GarbageCollectionSpec(
    @Default("24h")
        @Size(min = 2, max = 32)
        @Pattern(Grammar.DURATION)
        @JsonPropertyDescription(
            "How long a blob or manifest without references lives at least, up "
                + "to 8760h. Default: 24h.")
        String gracePeriod,
    @Default("24h")
        @Size(min = 2, max = 32)
        @Pattern(Grammar.DURATION)
        @JsonPropertyDescription(
            "How long it can be restored after that, up to 8760h. Default: 24h.")
        String undoWindow,
    @Default("24h")
        @Size(min = 2, max = 32)
        @Pattern(Grammar.DURATION)
        @JsonPropertyDescription(
            "How long an unfinished upload is kept, from 1m to 8760h. Default: 24h.")
        String uploadExpiry,
    @Default("true")
        @JsonPropertyDescription(
            "Whether images that Pods of this cluster run are never collected nor expired. "
                + "Default: true.")
        Boolean protectRunningImages) {

  /** Puts the documented defaults in place of what is absent. */
  public GarbageCollectionSpec {
    gracePeriod = requireNonNullElse(gracePeriod, "24h");
    undoWindow = requireNonNullElse(undoWindow, "24h");
    uploadExpiry = requireNonNullElse(uploadExpiry, "24h");
    protectRunningImages = requireNonNullElse(protectRunningImages, true);
  }
}
