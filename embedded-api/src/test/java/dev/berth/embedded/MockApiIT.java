package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.embedded.resource.Json;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

/** What is the mock's own: its door, its ports, its discovery. */
class MockApiIT {

  @Test
  void nobodyComesInWithoutTheToken() {
    try (EmbeddedApi api = EmbeddedApi.mock()) {
      Config config = Config.fromKubeconfig(api.kubeconfigYaml());
      config.setAutoOAuthToken("guessed");
      try (KubernetesClient stranger = new KubernetesClientBuilder().withConfig(config).build()) {
        assertThatThrownBy(() -> stranger.secrets().inAnyNamespace().list())
            .isInstanceOfSatisfying(
                KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(401));
      }
    }
  }

  @Test
  void aTakenPortIsNamed() {
    try (EmbeddedApi first = EmbeddedApi.mock()) {
      int port = Integer.parseInt(first.description().replaceFirst(".*:", ""));

      assertThatThrownBy(() -> EmbeddedApi.mock(MockOptions.defaults().withPort(port)))
          .hasMessageContaining("127.0.0.1:" + port);
    }
  }

  @Test
  void closingLeavesNoKeyBehind() {
    Credentials credentials = Credentials.create();
    assertThat(credentials.key()).exists();

    credentials.close();

    assertThat(credentials.folder()).doesNotExist();
  }

  @Test
  void aRemovedDefinitionIsServedNoMore() {
    try (EmbeddedApi api = EmbeddedApi.mock();
        KubernetesClient client = api.client()) {
      Widgets.define(client);
      assertThat(client.getApiResources("example.dev/v1").getResources())
          .extracting("name")
          .contains("widgets", "widgets/status", "widgets/scale");

      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName("widgets.example.dev")
          .delete();

      assertThat(client.getApiResources("example.dev/v1")).isNull();
      assertThatThrownBy(
              () -> client.genericKubernetesResources(Widgets.KIND).inNamespace("default").list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              e -> assertThat(e.getStatus()).extracting(Status::getReason).isEqualTo("NotFound"));
    }
  }

  @Test
  void aKeyBeforeTheNewestIsStillPublishedAndNoOlderOne() throws Exception {
    try (EmbeddedApi api = EmbeddedApi.mock();
        KubernetesClient client = api.client()) {
      String first = Json.read(client.raw("/openid/v1/jwks")).at("/keys/0/kid").asText();

      api.rotateTokenKeys();
      assertThat(client.raw("/openid/v1/jwks")).contains(first);

      api.rotateTokenKeys();
      assertThat(client.raw("/openid/v1/jwks")).doesNotContain(first);
    }
  }
}
