package dev.berth.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Limits of what repositories may hold. What is null is not limited.
 *
 * @param storageBytes of all blobs and manifests together, in each repository counted once; over
 *     all repositories that one Repository declares
 * @param tags of one repository
 * @param manifestBytes of one manifest
 * @param imageBytes of a manifest with everything that it refers to
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Quota(
    @Nullable Long storageBytes,
    @Nullable Integer tags,
    @Nullable Long manifestBytes,
    @Nullable Long imageBytes) {}
