package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How clients reach the registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExposureSpec(
    @JsonPropertyDescription("The Service, which is always there. Default: type ClusterIP.")
        @Nullable ServiceExposure service,
    @JsonPropertyDescription("An Ingress for the externalHosts. Default: none.")
        @Nullable IngressExposure ingress,
    @JsonPropertyDescription("An HTTPRoute for the externalHosts. Default: none.")
        @Nullable GatewayExposure gateway) {}
