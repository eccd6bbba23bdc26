package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** An OpenID Connect issuer whose tokens are accepted as passwords. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OidcIssuer(
    @Required
        @Size(min = 9, max = 2048)
        @Pattern(Grammar.HTTPS_URL)
        @JsonPropertyDescription(
            "URL of the issuer, exactly as in the iss claim. It must be https and serve "
                + "/.well-known/openid-configuration.")
        String issuer,
    @Required @Size(min = 1, max = 512) @JsonPropertyDescription("What the aud claim must contain.")
        String audience,
    @Default("sub")
        @Size(min = 1, max = 128)
        @JsonPropertyDescription("Claim that is the user name. Default: sub.")
        String usernameClaim,
    @Default("groups")
        @Size(min = 1, max = 128)
        @JsonPropertyDescription("Claim that lists the groups. Default: groups.")
        String groupsClaim) {

  /** Puts the documented defaults in place of what is absent. */
  public OidcIssuer {
    usernameClaim = requireNonNullElse(usernameClaim, "sub");
    groupsClaim = requireNonNullElse(groupsClaim, "groups");
  }
}
