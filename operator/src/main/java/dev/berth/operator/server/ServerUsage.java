package dev.berth.operator.server;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** What {@code GET /v1/usage} of a registry server answers; sizes in bytes. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServerUsage(
    long repositories, long tags, long manifests, long physicalBytes, long logicalBytes) {}
