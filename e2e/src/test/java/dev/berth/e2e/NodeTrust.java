package dev.berth.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What containerd of this machine, which is the cluster's one node, is told of a registry by hand:
 * {@code hosts.toml} and the authority below its {@code config_path}. Closing takes it away.
 */
record NodeTrust(Path folder) implements AutoCloseable {

  /**
   * @param authority in PEM
   */
  static NodeTrust in(String registry, byte[] authority) throws IOException {
    Path folder = Files.createDirectories(Path.of("/etc/containerd/certs.d", registry));
    Path certificate = Files.write(folder.resolve("ca.crt"), authority);
    Files.writeString(
        folder.resolve("hosts.toml"),
        """
        server = "https://%s"
        [host."https://%1$s"]
          capabilities = ["pull", "resolve"]
          ca = "%s"
        """
            .formatted(registry, certificate));
    return new NodeTrust(folder);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder.resolve("hosts.toml"));
    Files.deleteIfExists(folder.resolve("ca.crt"));
    Files.deleteIfExists(folder);
  }
}
