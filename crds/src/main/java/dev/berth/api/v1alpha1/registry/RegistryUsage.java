package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How full the registry is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistryUsage(
    @JsonPropertyDescription("Number of repositories.") @Nullable Long repositories,
    @JsonPropertyDescription("Number of tags.") @Nullable Long tags,
    @JsonPropertyDescription("Number of manifests.") @Nullable Long manifests,
    @JsonPropertyDescription("Bytes in storage, each blob counted once.")
        @Nullable Long physicalBytes,
    @JsonPropertyDescription(
            "Bytes that the repositories refer to, a shared blob counted for each.")
        @Nullable Long logicalBytes,
    @JsonPropertyDescription("physicalBytes for people, for example 6.8Gi.") @Nullable String used,
    @JsonPropertyDescription("When this was measured.") @Nullable String observedAt) {

  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  /** Writes the used bytes for people where nobody has. */
  public RegistryUsage {
    if (used == null && physicalBytes != null) {
      used = readable(physicalBytes);
    }
  }

  private static String readable(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String digits = String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", value);
    return digits.replaceFirst("\\.0$", "") + UNITS[unit];
  }
}
