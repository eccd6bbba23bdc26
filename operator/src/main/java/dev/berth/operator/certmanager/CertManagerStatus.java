package dev.berth.operator.certmanager;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What cert-manager says of a Certificate. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CertManagerStatus(List<Condition> conditions, @Nullable String renewalTime) {

  /** An absent list is an empty one. */
  @SuppressWarnings("NullAway") // absent fields are null while they are read
  public CertManagerStatus {
    conditions = requireNonNullElse(conditions, List.of());
  }

  /** One of its conditions. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Condition(
      @Nullable String type,
      @Nullable String status,
      @Nullable String message,
      @Nullable Long observedGeneration) {}
}
