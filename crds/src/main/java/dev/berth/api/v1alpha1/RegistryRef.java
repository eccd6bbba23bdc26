package dev.berth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The Registry that a Repository or AccessPolicy belongs to. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistryRef(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription("Name of the Registry.")
        String name,
    @Size(min = 1, max = 63)
        @Pattern(Grammar.NAMESPACE_NAME)
        @JsonPropertyDescription(
            "Namespace of the Registry. Default: the namespace of this object. The tenancy "
                + "of the Registry decides which other namespaces it accepts.")
        @Nullable String namespace) {}
