package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What garbage collection did. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GarbageCollectionStatus(
    @JsonPropertyDescription("When it last ran.") @Nullable String lastRunAt,
    @JsonPropertyDescription("Bytes that run gave back.") @Nullable Long freedBytes,
    @JsonPropertyDescription("Bytes that can still be restored.") @Nullable Long quarantinedBytes,
    @JsonPropertyDescription("Bytes without references, in or before quarantine.")
        @Nullable Long reclaimableBytes) {}
