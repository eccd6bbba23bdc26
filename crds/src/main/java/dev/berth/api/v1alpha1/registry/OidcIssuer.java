package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.SecretKeyRef;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An OpenID Connect issuer whose tokens are accepted as passwords. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
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
        String groupsClaim,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Claims that must have these values, for example repository_owner my-org. An issuer "
                + "that the whole world uses gives a token for any audience to anybody. Default: "
                + "none.")
        List<RequiredClaim> requiredClaims,
    @JsonPropertyDescription(
            "Certificate authority that signed the certificate of the issuer, in PEM. Default: "
                + "those of the image.")
        @Nullable SecretKeyRef caSecretRef) {

  /** Puts the documented defaults in place of what is absent. */
  public OidcIssuer {
    usernameClaim = requireNonNullElse(usernameClaim, "sub");
    groupsClaim = requireNonNullElse(groupsClaim, "groups");
    requiredClaims = requireNonNullElse(requiredClaims, List.of());
  }
}
