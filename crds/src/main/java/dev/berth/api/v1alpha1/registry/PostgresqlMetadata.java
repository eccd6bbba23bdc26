package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.SecretRef;
import io.fabric8.generator.annotation.Required;

/** A PostgreSQL database that the user runs. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PostgresqlMetadata(
    @Required
        @JsonPropertyDescription(
            "Secret with the keys url (jdbc:postgresql://host/database), username and "
                + "password.")
        SecretRef credentialsSecretRef) {}
