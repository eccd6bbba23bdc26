package dev.berth.quickstart;

import dev.berth.embedded.EmbeddedApi;
import dev.berth.embedded.MockOptions;
import dev.berth.embedded.RealOptions;
import dev.berth.quickstart.node.JarImage;
import dev.berth.quickstart.node.LocalNode;
import dev.berth.quickstart.node.NodeOptions;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubeapitest.binary.BinaryManager;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The Kubernetes that the quickstart works with: one of its own, or one that it was given. */
sealed interface Cluster extends AutoCloseable {

  /** The last part of the server image's name. */
  String SERVER_IMAGE = "berth-registry";

  KubernetesClient client();

  Path kubeconfig();

  String description();

  /** Whether pods run on this machine, so that the registry's node port is on localhost. */
  boolean isLocal();

  @Override
  void close();

  static Cluster given(Path kubeconfig) {
    try {
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
      return new Given(
          new KubernetesClientBuilder().withConfig(config).build(),
          kubeconfig,
          config.getMasterUrl());
    } catch (NoSuchFileException e) {
      throw new QuickstartException("there is no file " + kubeconfig, e);
    } catch (IOException e) {
      throw new QuickstartException("cannot read " + kubeconfig + ": " + e.getMessage(), e);
    }
  }

  /** An API and a node of its own. What an earlier one kept in the state folder is there again. */
  static Cluster embedded(QuickstartOptions options, Installation installation, StateFolder state) {
    EmbeddedApi api = api(options, state);
    KubernetesClient client = api.client();
    try {
      Path kubeconfig = state.writePrivate("kubeconfig", api.kubeconfigYaml());
      NodeOptions node =
          NodeOptions.in(
              state.path(),
              Map.of(
                  SERVER_IMAGE,
                  new JarImage(
                      installation.java(),
                      installation.registryJar(),
                      installation.jvmOptions(installation.registryJar()))));
      return new Embedded(api, client, LocalNode.start(client, node), kubeconfig);
    } catch (RuntimeException e) {
      try {
        client.close();
        api.close();
      } catch (RuntimeException alsoThat) {
        // What went wrong first is what somebody wants to know.
        e.addSuppressed(alsoThat);
      }
      throw e;
    }
  }

  private static EmbeddedApi api(QuickstartOptions options, StateFolder state) {
    try {
      Optional<RealOptions> real =
          options.download()
              ? Optional.of(RealOptions.of(download(state)))
              : RealOptions.fromEnvironment();
      return real.map(found -> EmbeddedApi.real(found.withData(state.file("api"))))
          .orElseGet(
              () ->
                  EmbeddedApi.mock(
                      MockOptions.defaults()
                          .withPort(options.port())
                          .withSnapshot(state.file("api.json"))));
    } catch (UncheckedIOException | IllegalStateException | KubeAPITestException e) {
      throw new QuickstartException("the Kubernetes API does not start: " + e.getMessage(), e);
    }
  }

  private static Path download(StateFolder state) {
    Path folder = state.file("kube-api-test");
    new BinaryManager(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(folder.toString())
                .withOfflineMode(false)
                .build())
        .initAndDownloadIfRequired();
    return folder;
  }

  /** A cluster of someone else. */
  record Given(KubernetesClient client, Path kubeconfig, String description) implements Cluster {

    @Override
    public boolean isLocal() {
      return false;
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** A cluster that ends with this process. */
  record Embedded(EmbeddedApi api, KubernetesClient client, LocalNode node, Path kubeconfig)
      implements Cluster {

    @Override
    public String description() {
      return api.description();
    }

    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public void close() {
      node.close();
      client.close();
      api.close();
    }
  }
}
