package dev.berth.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/**
 * The operator's client, for the API that a test started: with the rights of the chart's
 * ServiceAccount, and writing down what it asks for, under a user agent
 * that the API knows it by.
 */
@Factory
@Requires(property = TestClient.KUBECONFIG)
final class TestClient {
  static final String KUBECONFIG = "test.kubeconfig";
  static final String USER_AGENT = "test.user-agent";

  @Singleton
  @Replaces(KubernetesClient.class)
  @Bean(preDestroy = "close")
  KubernetesClient client(
      @Property(name = KUBECONFIG) String kubeconfig,
      @Property(name = USER_AGENT) String userAgent,
      Requests requests) {
    Config config = Config.fromKubeconfig(kubeconfig);
    config.setUserAgent(userAgent);
    config.setImpersonateUsername(ChartRights.USER);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(
            http -> {
              OperatorFactory.prepare(http);
              http.addOrReplaceInterceptor("requests", requests);
            })
        .build();
  }
}
