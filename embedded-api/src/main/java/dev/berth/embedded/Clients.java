package dev.berth.embedded;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;

/** Clients that see nothing of the caller's own kubeconfig. */
final class Clients {
  private Clients() {}

  static KubernetesClient of(String kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig);
    config.setHttp2Disable(true);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }
}
