package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where tags, manifests and links are kept. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.embedded) != has(self.postgresql)",
    message = "metadata needs exactly one of embedded and postgresql",
    fieldPath = ".embedded")
public record MetadataSpec(
    @JsonPropertyDescription("A database file on the claim, for one replica. This is the default.")
        @Nullable EmbeddedMetadata embedded,
    @JsonPropertyDescription("A PostgreSQL database, which several replicas need.")
        @Nullable PostgresqlMetadata postgresql) {}
