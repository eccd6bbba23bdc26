package dev.berth.quickstart;

import dev.berth.program.ProgramOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The built programs.
 *
 * @param home the checkout
 */
public record Installation(Path home) {

  /** Finds the checkout: the script names it, else it is the current folder. */
  public static Installation find() {
    return new Installation(
        Path.of(System.getProperty("berth.home", "")).toAbsolutePath().normalize());
  }

  Path operatorJar() {
    return built("operator/target/berth-operator.jar");
  }

  Path registryJar() {
    return built("registry-server/target/berth-registry.jar");
  }

  /** How the JVM runs a program in the images, and here. */
  List<String> jvmOptions(Path jar) {
    return ProgramOptions.of(home, jar);
  }

  Path samples() {
    return home.resolve("samples/quickstart");
  }

  /** The Java that runs this program runs the others too. */
  Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private Path built(String path) {
    Path file = home.resolve(path);
    if (!Files.isRegularFile(file)) {
      throw new QuickstartException(
          file + " is missing: start ./quickstart, which builds it, or run mvn -B verify");
    }
    return file;
  }
}
