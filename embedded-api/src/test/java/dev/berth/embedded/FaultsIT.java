package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.embedded.fault.ApiCall;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API in memory fails as it is told, and only then. */
@NullUnmarked // a null is a failed test
class FaultsIT {
  private final EmbeddedApi api = EmbeddedApi.mock();
  private final Faults faults = api.faults();
  private KubernetesClient client;

  @BeforeEach
  void clientThatDoesNotTryAgain() {
    Config config = Config.fromKubeconfig(api.kubeconfigYaml());
    config.setRequestRetryBackoffLimit(0);
    config.setUserAgent("faults-test");
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void end() {
    client.close();
    api.close();
  }

  @Test
  void aRefusedRequestHasNoEffect() {
    // Given
    Faults.Rule rule =
        faults.on(call -> call.isWrite() && call.isOf("configmaps"), Fault.answer(409), 1);

    // Then
    assertThatThrownBy(this::create)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    assertThat(configMap()).isNull();
    create();
    assertThat(configMap()).isNotNull();
    assertThat(rule.count()).isEqualTo(1);
  }

  @Test
  void aLostAnswerIsToARequestThatTookEffectAndADroppedRequestDoesNothing() {
    // When
    try (Faults.Rule rule = faults.on(ApiCall::isWrite, Fault.refuse())) {
      assertThatThrownBy(this::create).isInstanceOf(KubernetesClientException.class);
      assertThat(configMap()).isNull();
      assertThat(rule.count()).isEqualTo(1);
    }
    faults.on(ApiCall::isWrite, Fault.loseAnswer());

    // Then
    assertThatThrownBy(this::create).isInstanceOf(KubernetesClientException.class);
    assertThat(configMap()).isNotNull();
  }

  @Test
  void aSlowAnswerComes() {
    // Given
    faults.on(call -> call.isOf("configmaps"), Fault.delay(Duration.ofMillis(300)));

    // When
    long begin = System.nanoTime();
    create();

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void aCallIsToldInTheWordsOfAuthorization() {
    // Given
    List<ApiCall> calls = new CopyOnWriteArrayList<>();
    faults.observe(calls::add);

    // When
    create();
    client.apps().deployments().inAnyNamespace().list();

    // Then
    assertThat(calls)
        .contains(
            new ApiCall("create", "", "configmaps", "default", "", "", "faults-test"),
            new ApiCall("list", "apps", "deployments", "", "", "", "faults-test"));
  }

  @Test
  void aWatchThatIsResumedFromWhatWasForgottenIsGone() throws Exception {
    // Given
    CompletableFuture<WatcherException> closed = new CompletableFuture<>();
    create();
    String old =
        client.configMaps().inNamespace("default").list().getMetadata().getResourceVersion();
    client.configMaps().inNamespace("default").withName("one").delete();
    faults.forgetChanges();

    // When
    try (Watch watch =
        client
            .configMaps()
            .inNamespace("default")
            .watch(
                new ListOptionsBuilder().withResourceVersion(old).build(),
                new Watcher<ConfigMap>() {
                  @Override
                  public void eventReceived(Action action, ConfigMap object) {}

                  @Override
                  public void onClose(WatcherException cause) {
                    closed.complete(cause);
                  }
                })) {
      // Then
      assertThat(closed.get(20, TimeUnit.SECONDS).isHttpGone()).isTrue();
      assertThat(watch).isNotNull();
    }
  }

  private void create() {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("one")
                .withNamespace("default")
                .endMetadata()
                .build())
        .create();
  }

  private ConfigMap configMap() {
    return client.configMaps().inNamespace("default").withName("one").get();
  }
}
