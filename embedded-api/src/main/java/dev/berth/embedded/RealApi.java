package dev.berth.embedded;

import dev.berth.embedded.fault.Faults;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A kube-apiserver with its etcd, both on loopback only. */
final class RealApi implements EmbeddedApi {
  private static final Logger LOG = LoggerFactory.getLogger(RealApi.class);

  private final KubeAPIServer server;
  private final String version;
  private final Optional<Path> temporary;
  private final Thread endWithTheProcess;
  private boolean stopped;

  private RealApi(KubeAPIServer server, String version, Optional<Path> temporary) {
    this.server = server;
    this.version = version;
    this.temporary = temporary;
    this.endWithTheProcess = new Thread(this::stop, "end-kube-apiserver");
  }

  static RealApi start(RealOptions options) {
    ApiBinaries binaries =
        ApiBinaries.find(options.binaries())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No kube-apiserver, etcd and kubectl in "
                            + options.binaries().resolve("k8s/<version>-linux-amd64")));
    try {
      Path home = home(options);
      Path absolute = home.toAbsolutePath();
      binaries.linkInto(absolute, absolute.resolve("etcd-data"));
      KubeAPIServer server =
          new KubeAPIServer(
              KubeAPIServerConfigBuilder.anAPIServerConfig()
                  .withTestDir(absolute.toString())
                  .withApiServerVersion(binaries.version())
                  .withOfflineMode(true)
                  .withWaitForEtcdHealthCheckOnStartup(false)
                  .withStartupTimeout(60_000)
                  .withApiServerFlag("--bind-address", "127.0.0.1")
                  // Never dialled: without it the server looks for an address of the machine.
                  .withApiServerFlag("--advertise-address", "192.0.2.1")
                  .withApiServerFlag("--endpoint-reconciler-type", "none")
                  .build());
      RealApi api =
          new RealApi(
              server,
              binaries.version(),
              options.data().isPresent() ? Optional.empty() : Optional.of(absolute));
      // A process that is ended by a signal would leave both servers running.
      Runtime.getRuntime().addShutdownHook(api.endWithTheProcess);
      api.startServer();
      return api;
    } catch (IOException e) {
      throw new UncheckedIOException("The folder of the kube-apiserver cannot be prepared", e);
    }
  }

  @Override
  public String kubeconfigYaml() {
    return server.getKubeConfigYaml();
  }

  @Override
  public KubernetesClient client() {
    return Clients.of(kubeconfigYaml());
  }

  @Override
  public String description() {
    return "kube-apiserver " + version + " with etcd";
  }

  @Override
  public Faults faults() {
    throw new UnsupportedOperationException("a kube-apiserver has no faults to order");
  }

  @Override
  public void rotateTokenKeys() {
    throw new UnsupportedOperationException("a kube-apiserver keeps its key");
  }

  @Override
  public boolean isReal() {
    return true;
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(endWithTheProcess);
    } catch (IllegalStateException e) {
      LOG.debug("The process is ending: its hooks cannot be changed any more", e);
    }
  }

  private void startServer() {
    try {
      server.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    server.stop();
    temporary.ifPresent(RealApi::delete);
  }

  private static Path home(RealOptions options) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    if (options.data().isEmpty()) {
      return Files.createTempDirectory("berth-kube-apiserver", ownerOnly);
    }
    Path folder = options.data().get();
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    return folder;
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Remove " + folder + " by hand", e);
    }
  }
}
