package dev.berth.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whom a grant names.
 *
 * @param name of the user, group or ServiceAccount; null for a ServiceAccount subject means every
 *     one of the namespace
 * @param namespace of the ServiceAccount; null for every other kind
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Subject(Kind kind, @Nullable String name, @Nullable String namespace) {

  public Subject {
    requireNonNull(kind, "kind");
  }

  /** The kinds of AccessPolicy's {@code subjects}. */
  public enum Kind {
    @JsonProperty("User")
    USER,
    @JsonProperty("Group")
    GROUP,
    @JsonProperty("ServiceAccount")
    SERVICE_ACCOUNT,
    /** Every caller with a valid credential. */
    @JsonProperty("Authenticated")
    AUTHENTICATED,
    /** Every caller, with or without a credential. */
    @JsonProperty("Anonymous")
    ANONYMOUS
  }
}
