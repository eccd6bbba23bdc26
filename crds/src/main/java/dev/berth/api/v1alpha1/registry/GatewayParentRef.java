package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.api.v1alpha1.Grammar;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A Gateway that the route attaches to. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GatewayParentRef(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription("Name of the Gateway.")
        String name,
    @Size(min = 1, max = 63)
        @Pattern(Grammar.NAMESPACE_NAME)
        @JsonPropertyDescription(
            "Namespace of the Gateway. Default: the namespace of the Registry.")
        @Nullable String namespace,
    @Size(min = 1, max = 253)
        @Pattern(Grammar.OBJECT_NAME)
        @JsonPropertyDescription(
            "Listener of the Gateway. Default: every listener that accepts the route.")
        @Nullable String sectionName) {}
