package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Required;

/** Users with passwords. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsersAuthentication(
    @Required
        @JsonPropertyDescription(
            "Secret with the key htpasswd: lines of user:hash, with bcrypt hashes. Changes "
                + "count within seconds.")
        SecretRef secretRef) {}
