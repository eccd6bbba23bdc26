package dev.berth.registry.cli;

import dev.berth.registry.config.ConfigurationReader;
import dev.berth.registry.config.LoadedConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that every command has. */
final class ConfigurationFile {
  private static final Path HERE = Path.of("registry.yaml");

  /** Where it is in the operator's pods. */
  private static final Path MOUNTED = Path.of("config", "registry.yaml");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "the configuration; by default registry.yaml in the working directory, or where there is"
              + " none config/registry.yaml")
  private @Nullable Path config;

  /**
   * Reads it.
   *
   * @throws dev.berth.registry.config.InvalidConfigurationException with all that is wrong
   */
  LoadedConfiguration read() {
    Path file = config;
    if (file == null) {
      file = Files.exists(HERE) || !Files.exists(MOUNTED) ? HERE : MOUNTED;
    }
    return ConfigurationReader.read(file, System.getenv());
  }
}
