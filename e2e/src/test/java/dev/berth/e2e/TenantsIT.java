package dev.berth.e2e;

import static dev.berth.e2e.RunningSystem.NAMESPACE;
import static dev.berth.e2e.RunningSystem.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Two tenants of one Registry, with callers that Kubernetes vouches for, all through skopeo. {@code
 * -Dapplies=50} has it print how soon an AccessPolicy that is applied counts.
 */
@NullUnmarked // a null is a failed test
@ResourceLock("ports of a node")
class TenantsIT {
  private static final String TENANT = "registry-tenant";
  private static final int APPLIES = Integer.getInteger("applies", 1);

  @TempDir static Path folder;
  private static RunningSystem system;
  private static Duration soon;
  private static KubernetesClient client;
  private static Program skopeo;
  private static Path certificates;
  private static Path image;

  @BeforeAll
  static void start() throws Exception {
    skopeo = Program.installed("skopeo", Map.of());
    system = RunningSystem.start(folder.resolve("state"));
    soon = system.soon();
    client = system.client();
    certificates = Files.createDirectory(folder.resolve("certificates"));
    Secret authority = client.secrets().inNamespace(NAMESPACE).withName("main-ca").require();
    Files.write(
        certificates.resolve("ca.crt"),
        Base64.getDecoder().decode(authority.getData().get("ca.crt")));
    image = folder.resolve("image");
    new OciLayout(image, 1).image(1, 1000);
    RunningSystem.namespace(client, "ci", Map.of());
    RunningSystem.namespace(client, "team-a", Map.of(TENANT, "true"));
    RunningSystem.namespace(client, "team-b", Map.of(TENANT, "true"));
    serviceAccount("ci", "builder");
    serviceAccount("team-b", "builder");
    openToTenants();
    for (String team : new String[] {"team-a", "team-b"}) {
      apply(
          """
          apiVersion: berth.dev/v1alpha1
          kind: Repository
          metadata: {name: images, namespace: %1$s}
          spec:
            registryRef: {name: main, namespace: registries}
            path: %1$s/**
          """
              .formatted(team));
    }
    apply(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Repository
        metadata: {name: open, namespace: team-a}
        spec:
          registryRef: {name: main, namespace: registries}
          path: team-a/open
          visibility: Public
        """);
    policy("team-a", "ci", "{kind: ServiceAccount, name: builder, namespace: ci}", "");
    policy("team-b", "ci", "{kind: ServiceAccount, namespace: team-b}", "");
    await().atMost(soon).until(() -> push("team-a/app:v1", token("ci", "builder")).exit() == 0);
    await().atMost(soon).until(() -> push("team-b/app:v1", token("team-b", "builder")).exit() == 0);
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      client.close();
    }
    if (system != null) {
      system.close();
    }
  }

  @Test
  void aServiceAccountPushesWhereItsTenantLetsIt() throws Exception {
    assertThat(push("team-a/other:v1", token("ci", "builder")).exit()).isZero();
    refused(push("team-b/app:v2", token("ci", "builder")));
    refused(push("elsewhere/app:v2", token("ci", "builder")));
  }

  @Test
  void aTenantReadsNothingOfTheOther() throws Exception {
    assertThat(inspect("team-b/app:v1", token("team-b", "builder")).exit()).isZero();
    refused(inspect("team-a/app:v1", token("team-b", "builder")));
    refused(inspect("team-a/missing:v1", token("team-b", "builder")));
  }

  @Test
  void aTenantDeclaresNothingOfTheOther() {
    policy("team-b", "greedy", "{kind: Authenticated}", "", "team-a/**");

    await()
        .atMost(soon)
        .until(
            () -> condition("team-b", "greedy", "Accepted").contains("spec.rules[0]: team-a/**"));
    client.resources(AccessPolicy.class).inNamespace("team-b").withName("greedy").delete();
  }

  @Test
  void anybodyPullsFromAPublicRepository() throws Exception {
    assertThat(push("team-a/open:v1", token("ci", "builder")).exit()).isZero();

    assertThat(anonymous("team-a/open:v1").exit()).isZero();
    refused(anonymous("team-a/app:v1"));
  }

  @Test
  void aPolicyEndsWhenItSays() throws Exception {
    // Given
    serviceAccount("team-a", "visitor");
    String visitor = token("team-a", "visitor");
    String soonOver = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.SECONDS).toString();
    policy(
        "team-a",
        "visitor",
        "{kind: ServiceAccount, name: visitor, namespace: team-a}",
        "expiresAt: " + soonOver);
    await().atMost(soon).until(() -> inspect("team-a/app:v1", visitor).exit() == 0);

    // Then
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> refused(inspect("team-a/app:v1", visitor)));
    await().atMost(soon).until(() -> condition("team-a", "visitor", "Accepted").contains("ended"));
  }

  @Test
  void aServiceAccountThatIsMadeAnewHasLostItsTokens() throws Exception {
    // Given
    serviceAccount("team-b", "short-lived");
    String old = token("team-b", "short-lived");
    await().atMost(soon).until(() -> inspect("team-b/app:v1", old).exit() == 0);

    // When
    client.serviceAccounts().inNamespace("team-b").withName("short-lived").delete();
    await()
        .atMost(soon)
        .until(
            () ->
                client.serviceAccounts().inNamespace("team-b").withName("short-lived").get()
                    == null);
    serviceAccount("team-b", "short-lived");

    // Then
    await().atMost(soon).until(() -> inspect("team-b/app:v1", old).exit() != 0);
    String anew = token("team-b", "short-lived");
    await().atMost(soon).until(() -> inspect("team-b/app:v1", anew).exit() == 0);
  }

  @Test
  void anAppliedPolicyCountsSoon() throws Exception {
    long[] millis = new long[APPLIES];
    serviceAccount("team-a", "reader");
    String reader = token("team-a", "reader");
    try (RegistryProbe probe = new RegistryProbe(certificates.resolve("ca.crt"))) {
      for (int i = 0; i < APPLIES; i++) {
        assertThat(probe.pull("team-a/app", "v1", reader)).isFalse();
        long began = System.nanoTime();
        policy("team-a", "reader", "{kind: ServiceAccount, name: reader, namespace: team-a}", "");
        await()
            .pollInterval(Duration.ofMillis(10))
            .pollDelay(Duration.ZERO)
            .atMost(soon)
            .until(() -> probe.pull("team-a/app", "v1", reader));
        millis[i] = (System.nanoTime() - began) / 1_000_000;
        client.resources(AccessPolicy.class).inNamespace("team-a").withName("reader").delete();
        await().atMost(soon).until(() -> !probe.pull("team-a/app", "v1", reader));
      }
    }
    if (APPLIES > 1) {
      Arrays.sort(millis);
      System.out.printf(
          "from apply to the first pull: median %d ms, 95th percentile %d ms, longest %d ms%n",
          millis[APPLIES / 2], millis[APPLIES * 95 / 100], millis[APPLIES - 1]);
    }
  }

  private static void openToTenants() {
    client
        .resources(Registry.class)
        .inNamespace(NAMESPACE)
        .withName("main")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"spec": {"tenancy": [
              {"namespaces": {"from": "Same"}, "paths": ["**"]},
              {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"%s": "true"}}},
               "paths": ["{namespace}/**"]}]}}
            """
                .formatted(TENANT));
  }

  private static void policy(String namespace, String name, String subject, String more) {
    policy(namespace, name, subject, more, namespace + "/**");
  }

  private static void policy(
      String namespace, String name, String subject, String more, String path) {
    apply(
        """
        apiVersion: berth.dev/v1alpha1
        kind: AccessPolicy
        metadata: {name: %s, namespace: %s}
        spec:
          registryRef: {name: main, namespace: registries}
          subjects: [%s]
          rules: [{repositories: ["%s"], actions: [Pull, Push]}]
          %s
        """
            .formatted(name, namespace, subject, path, more));
  }

  private static void apply(String yaml) {
    client.resource(yaml).serverSideApply();
  }

  private static void serviceAccount(String namespace, String name) {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build())
        .serverSideApply();
  }

  private static String token(String namespace, String name) {
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(name)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences("https://" + REGISTRY)
                .withExpirationSeconds(3600L)
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  private static String condition(String namespace, String policy, String type) {
    AccessPolicy found =
        client.resources(AccessPolicy.class).inNamespace(namespace).withName(policy).get();
    return found == null || found.getStatus() == null
        ? ""
        : found.getStatus().conditions().stream()
            .filter(condition -> condition.type().equals(type))
            .map(condition -> condition.message())
            .findFirst()
            .orElse("");
  }

  private static Program.Result push(String name, String token)
      throws IOException, InterruptedException {
    return skopeo.run(
        "copy",
        "--dest-cert-dir",
        certificates.toString(),
        "--dest-creds",
        "token:" + token,
        "oci:" + image + ":v1",
        "docker://" + REGISTRY + "/" + name);
  }

  private static Program.Result inspect(String name, String token)
      throws IOException, InterruptedException {
    return skopeo.run(
        "inspect",
        "--raw",
        "--cert-dir",
        certificates.toString(),
        "--creds",
        "token:" + token,
        "docker://" + REGISTRY + "/" + name);
  }

  private static Program.Result anonymous(String name) throws IOException, InterruptedException {
    return skopeo.run(
        "inspect",
        "--raw",
        "--no-creds",
        "--cert-dir",
        certificates.toString(),
        "docker://" + REGISTRY + "/" + name);
  }

  private static void refused(Program.Result result) {
    assertThat(result.exit()).as(result.output()).isNotZero();
    assertThat(result.output())
        .containsPattern("denied|Forbidden|unauthorized|authentication required");
  }
}
