package dev.berth.api.v1alpha1.registry;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import dev.berth.api.v1alpha1.SecretKeyRef;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Users of a directory. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LdapAuthentication(
    @Required
        @Size(min = 8, max = 2048)
        @Pattern(Grammar.LDAP_URL)
        @JsonPropertyDescription(
            "URL of the directory server, for example ldaps://ldap.example.com. With "
                + "ldap:// StartTLS is used.")
        String url,
    @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription("Distinguished name below which users are searched.")
        String userSearchBase,
    @JsonPropertyDescription(
            "Secret with the keys dn and password, for the search. Default: an anonymous "
                + "search.")
        @Nullable SecretRef bindSecretRef,
    @Default("uid")
        @Size(min = 1, max = 128)
        @Pattern(Grammar.LDAP_ATTRIBUTE)
        @JsonPropertyDescription(
            "Attribute that is the user name, for example sAMAccountName. Default: uid.")
        String userAttribute,
    @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "Distinguished name below which groups that have the user as member, uniqueMember or "
                + "memberUid are searched; their cn is the name. Default: the groups of the user's "
                + "memberOf, named by their cn.")
        @Nullable String groupSearchBase,
    @JsonPropertyDescription(
            "Certificate authority that signed the certificate of the directory server, in PEM. "
                + "Default: those of the image.")
        @Nullable SecretKeyRef caSecretRef) {

  /** Puts the documented defaults in place of what is absent. */
  public LdapAuthentication {
    userAttribute = requireNonNullElse(userAttribute, "uid");
  }
}
