package dev.berth.api.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.v1alpha1.registry.DisabledTls;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.api.v1alpha1.registry.TlsSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The CRDs on a real API server, which alone evaluates their rules. */
@EnabledIf(
    value = "dev.berth.api.crd.RealApiServer#isThere",
    disabledReason =
        "no kube-apiserver: KUBE_API_TEST_DIR names no folder with k8s/<version>/{kube-apiserver,etcd,kubectl},"
            + " and -Dcluster=real no cluster")
class ApiServerIT {

  static final List<String> EXAMPLES = Examples.ALL;

  private static @Nullable RealApiServer server;

  static List<ValidationCase> cases() throws IOException {
    return ValidationCase.all();
  }

  @BeforeAll
  static void startWithTheCrds() throws IOException {
    RealApiServer started = RealApiServer.open();
    server = started;
    for (Class<? extends CustomResource<?, ?>> kind : CrdFiles.KINDS) {
      CustomResourceDefinition crd =
          Serialization.unmarshal(CrdFiles.checkedIn(kind), CustomResourceDefinition.class);
      client().resource(crd).serverSideApply();
      client().resource(crd).waitUntilCondition(ApiServerIT::isEstablished, 30, TimeUnit.SECONDS);
    }
    started.namespaces(List.of("registries", "team-a", "shown"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isAcceptedOrRefused(ValidationCase oneCase) {
    // Given
    ObjectNode object = CrdFiles.YAML.createObjectNode();
    object.put("apiVersion", "berth.dev/v1alpha1").put("kind", oneCase.kind());
    ObjectNode metadata = object.putObject("metadata").put("namespace", "team-a");
    if (oneCase.named() == null) {
      metadata.put("generateName", "case-");
    } else {
      metadata.put("name", oneCase.named());
    }
    object.set("spec", oneCase.spec());

    // When
    KubernetesClientException refusal =
        catchThrowableOfType(KubernetesClientException.class, () -> send(object, oneCase.then()));

    // Then
    if (oneCase.refused() == null) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal).as("should be refused").isNotNull();
      assertThat(refusal.getStatus().getDetails().getCauses())
          .anySatisfy(cause -> assertThatItIs(cause, oneCase));
    }
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void anExampleIsStoredWholeWithItsStatus(String name) {
    // Given
    ObjectNode example = Examples.read(name);
    HasMetadata written = Serialization.unmarshal(example.toString(), Examples.kind(example));

    // When
    HasMetadata stored =
        client().resource(written).fieldValidation(FieldValidateable.Validation.STRICT).create();
    written.getMetadata().setResourceVersion(stored.getMetadata().getResourceVersion());
    HasMetadata withStatus =
        example.has("status")
            ? client()
                .resource(written)
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .updateStatus()
            : stored;

    // Then
    assertThat(withStatus).usingRecursiveComparison().ignoringFields("metadata").isEqualTo(written);
  }

  @Test
  void replicasScale() {
    // Given
    Registry registry =
        Serialization.unmarshal(
            """
            {"apiVersion": "berth.dev/v1alpha1", "kind": "Registry",
             "metadata": {"name": "scaled", "namespace": "registries"}, "spec": {}}
            """,
            Registry.class);
    client().resource(registry).create();

    // When
    client().resources(Registry.class).inNamespace("registries").withName("scaled").scale(0);

    // Then
    await()
        .until(
            () ->
                client()
                    .resources(Registry.class)
                    .inNamespace("registries")
                    .withName("scaled")
                    .get()
                    .getSpec(),
            (RegistrySpec spec) -> spec.replicas() == 0);
  }

  @Test
  void anotherMemberOfAUnionIsChosenByApplyingIt() {
    // Given
    client().resource(applied("tls", "selfSigned")).serverSideApply();

    // When
    Registry registry = client().resource(applied("tls", "disabled")).serverSideApply();

    // Then
    assertThat(registry.getSpec().tls())
        .isEqualTo(new TlsSpec(null, null, null, new DisabledTls()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "registries     | registry     | True, Ready, https://registry.example.com, 6.8Gi, 1, 0.1.0",
        "repositories   | repository   | False, Conflict, main, team-a/**, Private, 40",
        "accesspolicies | accesspolicy | Unknown, Pending, main, 2027-01-01T00:00:00Z",
      })
  void kubectlShowsTheColumns(String plural, String example, String cells) throws Exception {
    // Given
    ObjectNode object = Examples.read(example);
    ((ObjectNode) object.get("metadata")).put("name", "shown").put("namespace", "shown");
    ((ObjectNode) object.at("/status/conditions/0")).put("type", "Ready");
    HasMetadata written = Serialization.unmarshal(object.toString(), Examples.kind(object));
    client().resource(written).create();
    client().resource(written).updateStatus();

    // When
    HttpRequest request =
        client()
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(
                client().getMasterUrl()
                    + "apis/berth.dev/v1alpha1/namespaces/shown/"
                    + plural
                    + "/shown")
            .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
            .build();
    HttpResponse<String> answer =
        client().getHttpClient().sendAsync(request, String.class).get(30, TimeUnit.SECONDS);

    // Then
    List<String> shown = new ArrayList<>();
    CrdFiles.YAML
        .readTree(answer.body())
        .at("/rows/0/cells")
        .forEach(cell -> shown.add(cell.asText()));
    assertThat(shown).startsWith("shown").containsSubsequence(cells.split(", "));
  }

  private static Registry applied(String union, String member) {
    return Serialization.unmarshal(
        """
        {"apiVersion": "berth.dev/v1alpha1", "kind": "Registry",
         "metadata": {"name": "applied", "namespace": "registries"}, "spec": {"%s": {"%s": {}}}}
        """
            .formatted(union, member),
        Registry.class);
  }

  private static void send(ObjectNode object, @Nullable ObjectNode then) {
    GenericKubernetesResource created =
        client()
            .resource(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
            .create();
    try {
      if (then != null) {
        created.setAdditionalProperty("spec", then);
        client().resource(created).update();
      }
    } finally {
      client().resource(created).delete();
    }
  }

  private static void assertThatItIs(StatusCause cause, ValidationCase oneCase) {
    assertThat(cause.getMessage()).contains(oneCase.refused());
    if (oneCase.field() != null) {
      assertThat(cause.getField()).isEqualTo(oneCase.field());
    }
  }

  private static boolean isEstablished(@Nullable CustomResourceDefinition crd) {
    return Optional.ofNullable(crd)
        .map(CustomResourceDefinition::getStatus)
        .map(CustomResourceDefinitionStatus::getConditions)
        .orElse(List.of())
        .stream()
        .anyMatch(
            condition ->
                condition.getType().equals("Established") && condition.getStatus().equals("True"));
  }

  private static KubernetesClient client() {
    if (server == null) {
      throw new IllegalStateException("the API server has not started");
    }
    return server.client();
  }
}
