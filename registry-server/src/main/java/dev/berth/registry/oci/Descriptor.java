package dev.berth.registry.oci;

/**
 * How content is referred to.
 *
 * @param size in bytes
 */
public record Descriptor(String mediaType, Digest digest, long size) {}
