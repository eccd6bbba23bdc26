package dev.berth.registry.config;

/**
 * A configuration that is right in itself.
 *
 * @param problems takes what turns out to be wrong with the files and ports that it names
 */
public record LoadedConfiguration(RegistryConfiguration configuration, Problems problems) {}
