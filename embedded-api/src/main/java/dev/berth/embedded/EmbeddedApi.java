package dev.berth.embedded;

import dev.berth.embedded.fault.Faults;
import io.fabric8.kubernetes.client.KubernetesClient;

/** A Kubernetes API that lives and ends with this process. */
public sealed interface EmbeddedApi extends AutoCloseable permits MockApi, RealApi {
  /** An API in memory on a free port. */
  static EmbeddedApi mock() {
    return mock(MockOptions.defaults());
  }

  /** An API in memory. */
  static EmbeddedApi mock(MockOptions options) {
    return MockApi.start(options);
  }

  /** A kube-apiserver and its etcd, ended with this process at the latest. */
  static EmbeddedApi real(RealOptions options) {
    return RealApi.start(options);
  }

  /** A kubeconfig for its administrator. It holds a credential: keep a file of it private. */
  String kubeconfigYaml();

  /** A new client, to be closed by the caller. */
  KubernetesClient client();

  /** What it is, in a few words for a person. */
  String description();

  /**
   * What tests let go wrong between it and its clients.
   *
   * @throws UnsupportedOperationException when it is a kube-apiserver, which fails by itself only
   */
  Faults faults();

  /**
   * Signs tokens of ServiceAccounts with another key from now on.
   *
   * @throws UnsupportedOperationException when it is a kube-apiserver, whose key is a file
   */
  void rotateTokenKeys();

  /** Whether it is a kube-apiserver, with all that the mock leaves out. */
  boolean isReal();

  @Override
  void close();
}
