package dev.berth.api.v1alpha1.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the blobs are kept. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.persistentVolumeClaim) ? 1 : 0) + (has(self.existingClaim) ? 1 : 0) "
            + "+ (has(self.s3) ? 1 : 0) == 1",
    message = "storage needs exactly one of persistentVolumeClaim, existingClaim and s3",
    fieldPath = ".persistentVolumeClaim")
public record StorageSpec(
    @JsonPropertyDescription(
            "A PersistentVolumeClaim that the operator makes. This is the default.")
        @Nullable PersistentVolumeClaimStorage persistentVolumeClaim,
    @JsonPropertyDescription("A PersistentVolumeClaim that exists already.")
        @Nullable ExistingClaimStorage existingClaim,
    @JsonPropertyDescription("A bucket of an S3-compatible object store.")
        @Nullable S3Storage s3) {}
