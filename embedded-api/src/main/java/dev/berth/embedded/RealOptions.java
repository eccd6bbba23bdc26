package dev.berth.embedded;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a kube-apiserver starts.
 *
 * @param binaries the folder with {@code k8s/<version>-linux-amd64/{kube-apiserver,etcd,kubectl}}
 * @param data the folder that keeps etcd's data and the certificates; empty: nothing is kept
 */
public record RealOptions(Path binaries, Optional<Path> data) {
  /** The environment variable that names the folder of the binaries. */
  public static final String BINARIES_VARIABLE = "KUBE_API_TEST_DIR";

  /** From this folder, nothing kept. */
  public static RealOptions of(Path binaries) {
    return new RealOptions(binaries, Optional.empty());
  }

  /** From the folder that the environment names, when it holds binaries. */
  public static Optional<RealOptions> fromEnvironment() {
    return Optional.ofNullable(System.getenv(BINARIES_VARIABLE))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .filter(folder -> ApiBinaries.find(folder).isPresent())
        .map(RealOptions::of);
  }

  /** Keeping its data in this folder. */
  public RealOptions withData(Path folder) {
    return new RealOptions(binaries, Optional.of(folder));
  }
}
