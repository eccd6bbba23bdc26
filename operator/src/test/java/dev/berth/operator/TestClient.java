package dev.berth.operator;

import dev.berth.operator.kubernetes.OwnFields;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/**
 * The operator's client, for the API that a test started: with the rights of the chart's
 * ServiceAccount, and writing down what it asks for, under a user agent that the API knows it by.
 */
@Factory
@Requires(property = TestClient.KUBECONFIG)
final class TestClient {
  static final String KUBECONFIG = "test.kubeconfig";
  static final String USER_AGENT = "test.user-agent";

  /** How often it tries again what got no answer; the product's own setting unless a test says. */
  static final String RETRIES = "test.retries";

  @Singleton
  @Replaces(KubernetesClient.class)
  @Bean(preDestroy = "close")
  KubernetesClient client(
      @Property(name = KUBECONFIG) String kubeconfig,
      @Property(name = USER_AGENT) String userAgent,
      @Property(name = RETRIES, defaultValue = "10") int retries,
      Requests requests,
      RecordedCalls recordedCalls) {
    Config config = Config.fromKubeconfig(kubeconfig);
    config.setUserAgent(userAgent);
    config.setImpersonateUsername(ChartRights.USER);
    config.setRequestRetryBackoffLimit(retries);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(OwnFields.serialization())
        .withHttpClientBuilderConsumer(
            http -> {
              OperatorFactory.prepare(http);
              http.addOrReplaceInterceptor("requests", requests);
              http.addOrReplaceInterceptor("recorded-calls", recordedCalls);
            })
        .build();
  }
}
