package dev.berth.registry.retention;

import java.util.List;

/** What one repository holds, but for what is removed. */
public record RepositoryContent(List<TagCandidate> tags, List<ManifestCandidate> manifests) {}
