package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What watches the registry. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MonitoringSpec(
    @JsonPropertyDescription(
            "A ServiceMonitor, where the Prometheus operator is installed. Default: none.")
        @Nullable ServiceMonitorSpec serviceMonitor,
    @JsonPropertyDescription(
            "Alert rules, where the Prometheus operator is installed. Default: none.")
        @Nullable AlertsSpec alerts,
    @JsonPropertyDescription(
            "A dashboard in a ConfigMap that Grafana finds by its label. Default: none.")
        @Nullable DashboardSpec dashboard) {}
