package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Every folder of samples, by the commands of its README: they make it ready, it does what it is
 * for, and they take it away. One quickstart, or one cluster, serves all of them.
 */
@NullUnmarked // a null is a failed test
@ResourceLock("ports of a node")
class SamplesIT {
  private static final Path SAMPLES = Path.of("..", "samples").toAbsolutePath().normalize();
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String WAVE = "argocd.argoproj.io/sync-wave";
  private static final String HTPASSWD =
      "ci:$2y$05$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

  @TempDir static Path folder;
  private static RunningSystem system;
  private static KubernetesClient client;
  private static Program shell;
  private static Program skopeo;
  private static Path image;

  @BeforeAll
  static void start() throws Exception {
    skopeo = Program.installed("skopeo", Map.of());
    Program.installed("kubectl", Map.of());
    Program.installed("openssl", Map.of());
    system = RunningSystem.start(folder.resolve("state"));
    client = system.client();
    shell = Program.installed("sh", Map.of("KUBECONFIG", system.kubeconfig().toString()));
    // The commands say samples/NAME, and leave files where they run.
    Files.createSymbolicLink(folder.resolve("samples"), SAMPLES);
    image = folder.resolve("image");
    new OciLayout(image, 1).image(1, 1000);
  }

  @AfterAll
  static void stop() throws IOException {
    Files.deleteIfExists(folder.resolve("samples"));
    if (client != null) {
      client.close();
    }
    if (system != null) {
      system.close();
    }
  }

  @Test
  void everySampleHasATest() throws IOException {
    try (Stream<Path> folders = Files.list(SAMPLES)) {
      assertThat(folders.filter(Files::isDirectory).map(f -> f.getFileName().toString()))
          .as("quickstart is what runs here, and standalone is a test of the server's")
          .containsExactlyInAnyOrder(
              "quickstart",
              "standalone",
              "minimal",
              "tls-own",
              "service-accounts",
              "tenants",
              "retention",
              "pull-secrets",
              "node-access",
              "gitops",
              "tls-cert-manager");
    }
  }

  @Test
  void minimalTakesAPush() throws Exception {
    // When
    SampleReadme readme = setUp("minimal");

    // Then
    assertEverythingIsReady("minimal");
    push("demo:demo-password", "localhost:30501/hello/alpine:3");
    cleanUp(readme, "minimal");
  }

  @Test
  void serviceAccountsIsForBuildsOfTheClusterAlone() throws Exception {
    // When
    SampleReadme readme = setUp("service-accounts");

    // Then
    assertEverythingIsReady("cluster-callers");
    String token = Files.readString(folder.resolve("token")).strip();
    push("builder:" + token, "localhost:30505/apps/alpine:3");
    assertDenied("builder:" + token, "localhost:30505/elsewhere/alpine:3");
    assertThat(
            run(
                "kubectl -n cluster-callers get registry main -o"
                    + " jsonpath='{.status.conditions[?(@.type==\"AuthenticationReady\")].message}'"))
        .contains("Who can log in: ServiceAccounts of this cluster");
    cleanUp(readme, "cluster-callers", "builds");
  }

  @Test
  void tlsOwnShowsTheCertificateThatOpensslMade() throws Exception {
    // When
    SampleReadme readme = setUp("tls-own");

    // Then
    assertEverythingIsReady("own-certificate");
    String answer = run("curl -sS --cacert tls.crt https://localhost:30502/v2/");
    assertThat(answer).contains("UNAUTHORIZED");
    cleanUp(readme, "own-certificate");
  }

  @Test
  void tlsCertManagerShowsTheCertificateThatCertManagerIssued() throws Exception {
    try (CertManagerStandIn certManager = new CertManagerStandIn(client, folder)) {
      // When
      SampleReadme readme = setUp("tls-cert-manager");

      // Then
      assertEverythingIsReady("cert-manager-tls");
      assertThat(certManager.issued())
          .singleElement()
          .satisfies(
              certificate -> {
                assertThat(certificate.<String>get("spec", "secretName")).isEqualTo("main-tls");
                assertThat(certificate.<List<String>>get("spec", "dnsNames"))
                    .containsExactly("localhost");
                assertThat(certificate.<String>get("spec", "issuerRef", "name"))
                    .isEqualTo("self-signed");
                assertThat(certificate.getMetadata().getOwnerReferences())
                    .anyMatch(owner -> owner.getKind().equals("Registry"));
              });
      String answer = run("curl -sS --cacert certs/ca.crt https://localhost:30504/v2/");
      assertThat(answer).contains("UNAUTHORIZED");
      cleanUp(readme, "cert-manager-tls");
    }
  }

  @Test
  void tenantsKeepTheTeamsApart() throws Exception {
    // When
    SampleReadme readme = setUp("tenants");

    // Then
    assertEverythingIsReady("platform", "team-a", "team-b");
    push("alice:alice-password", "localhost:30503/team-a/app:v1");
    push("bob:bob-password", "localhost:30503/team-b/app:v1");
    assertDenied("alice:alice-password", "localhost:30503/team-b/app:v2");
    assertDenied("bob:bob-password", "localhost:30503/team-a/app:v2");
    assertDenied("alice:alice-password", "localhost:30503/other/app:v1");
    assertThat(run(readme.with("too-much"))).contains("gives namespace team-a only team-a/**");
    assertDenied("alice:alice-password", "localhost:30503/team-b/app:v2");
    cleanUp(readme, "platform", "team-a", "team-b");
  }

  @Test
  void retentionShowsWhatGoesAndDeletesItOnceAcknowledged() throws Exception {
    // Given
    SampleReadme readme = setUp("retention");
    assertEverythingIsReady("retention");
    for (String tag : List.of("v1", "pr-1", "pr-2", "pr-3", "pr-4")) {
      push("demo:demo-password", "localhost:30509/app/web:" + tag);
    }

    // When, Then
    assertThat(run(readme.with("run-retention")).lines())
        .filteredOn(line -> line.contains(" by "))
        .hasSize(2)
        .anyMatch(line -> line.startsWith("pr-1 by expire[1]: "))
        .anyMatch(line -> line.startsWith("pr-2 by expire[1]: "));
    assertThat(retentionApplied()).isEqualTo("DryRun");

    // When
    run(readme.with("Enforce"));

    // Then
    await().atMost(SOON).until(() -> retentionApplied().equals("TooManyDeletions"));
    assertThat(tags()).contains("pr-1", "pr-2");

    // When
    run(readme.with("acknowledge-retention"));

    // Then
    assertThat(tags()).contains("v1", "pr-3", "pr-4").doesNotContain("pr-1", "pr-2");
    cleanUp(readme, "retention");
  }

  private static String retentionApplied() throws Exception {
    return run(
        "kubectl -n retention get repository app -o"
            + " jsonpath='{.status.conditions[?(@.type==\"RetentionApplied\")].reason}'");
  }

  private static String tags() throws Exception {
    return run(
        "skopeo list-tags --cert-dir certs --creds demo:demo-password"
            + " docker://localhost:30509/app/web");
  }

  @Test
  void pullSecretsLetPodsPullAndNothingElse() throws Exception {
    // When
    SampleReadme readme = setUp("pull-secrets");

    // Then
    assertEverythingIsReady("pull-secrets");
    push("demo:demo-password", "localhost:30506/shop/app:v1");
    assertThat(run(readme.with("{.imagePullSecrets}"))).contains("\"name\":\"registry\"");
    assertThat(run(readme.with("pull.json"))).contains("\"Digest\"");
    assertThat(
            skopeo
                .run(
                    "copy",
                    "--dest-cert-dir",
                    folder.resolve("certs").toString(),
                    "--authfile",
                    folder.resolve("pull.json").toString(),
                    "oci:" + image + ":v1",
                    "docker://localhost:30506/shop/app:v2")
                .exit())
        .isNotZero();
    run(readme.with("kubectl label"));
    cleanUp(readme, "pull-secrets", "pull-secrets-shop");
  }

  @Test
  void nodeAccessTellsNodesTheAddressOfTheRegistry() throws Exception {
    // When
    SampleReadme readme = setUp("node-access");

    // Then
    assertEverythingIsReady("node-access");
    push("demo:demo-password", "localhost:30508/shop/app:v1");
    String address =
        run("kubectl -n node-access get service main -o jsonpath='{.spec.clusterIP}'").strip();
    assertThat(run(readme.with("hosts\\.toml"))).contains("[host.\"https://" + address + "\"]");
    assertThat(run(readme.with("talos\\.yaml"))).contains("main.node-access.svc", address);
    assertThat(run("kubectl -n node-access-shop get secret registry -o jsonpath='{.type}'"))
        .contains("kubernetes.io/dockerconfigjson");
    cleanUp(readme, "node-access", "node-access-shop");
  }

  @Test
  void gitOpsBecomesReadyWaveByWave() throws Exception {
    // Given
    GenericKubernetesResource operator = application("1-operator.yaml");
    GenericKubernetesResource registries = application("2-registries.yaml");
    assertThat(wave(operator)).isLessThan(wave(registries));
    Path root = SAMPLES.getParent();
    assertThat(root.resolve(operator.<String>get("spec", "source", "path"))).isDirectory();
    Path source = root.resolve(registries.<String>get("spec", "source", "path"));
    SortedMap<Integer, List<HasMetadata>> waves = new TreeMap<>();
    for (HasMetadata object : objects(source)) {
      waves.computeIfAbsent(wave(object), wave -> new ArrayList<>()).add(object);
    }
    assertThat(waves.keySet()).containsExactly(-1, 0, 1, 2);

    // When
    for (Map.Entry<Integer, List<HasMetadata>> wave : waves.entrySet()) {
      for (HasMetadata object : wave.getValue()) {
        sync(object);
      }
      if (wave.getKey() == -1) {
        createUsers("gitops");
      }
      // Then: as the health checks tell, a wave ends when everything in it is ready
      assertThat(wave.getValue()).allSatisfy(SamplesIT::awaitReady);
    }
    assertThat(waves.values().stream().flatMap(List::stream).filter(SamplesIT::isOfBerth))
        .allSatisfy(
            object -> {
              Long generation = live(object).getMetadata().getGeneration();
              sync(object);
              assertThat(live(object).getMetadata().getGeneration()).isEqualTo(generation);
            });
    client.namespaces().withName("gitops").delete();
    awaitGone("gitops");
  }

  private static SampleReadme setUp(String sample) throws Exception {
    SampleReadme readme = SampleReadme.of(SAMPLES.resolve(sample));
    run(readme.setUp());
    return readme;
  }

  /** What comes after takes the room. */
  private static void cleanUp(SampleReadme readme, String... namespaces) throws Exception {
    run(readme.cleanUp());
    awaitGone(namespaces);
  }

  private static void awaitGone(String... namespaces) {
    for (String namespace : namespaces) {
      await().atMost(SOON).until(() -> client.namespaces().withName(namespace).get() == null);
    }
  }

  private static String run(String commands) throws Exception {
    return shell.succeed("-e", "-c", "cd '" + folder + "'\n" + commands);
  }

  private static void assertEverythingIsReady(String... namespaces) {
    for (String namespace : namespaces) {
      List<HasMetadata> found = new ArrayList<>();
      for (String kind : List.of("Registry", "Repository", "AccessPolicy")) {
        found.addAll(
            client
                .genericKubernetesResources("berth.dev/v1alpha1", kind)
                .inNamespace(namespace)
                .list()
                .getItems());
      }
      assertThat(found).isNotEmpty().allSatisfy(SamplesIT::awaitReady);
    }
  }

  private static boolean isOfBerth(HasMetadata object) {
    return object.getApiVersion().startsWith("berth.dev/");
  }

  /** Objects of other kinds have nothing to wait for. */
  private static void awaitReady(HasMetadata object) {
    if (isOfBerth(object)) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(live(object).<List<Map<String, Object>>>get("status", "conditions"))
                      .anySatisfy(
                          condition ->
                              assertThat(condition)
                                  .containsEntry("type", "Ready")
                                  .containsEntry("status", "True")));
    }
  }

  private static GenericKubernetesResource live(HasMetadata object) {
    return client
        .genericKubernetesResources(object.getApiVersion(), object.getKind())
        .inNamespace(object.getMetadata().getNamespace())
        .withName(object.getMetadata().getName())
        .require();
  }

  private static void push(String credentials, String name) throws Exception {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Program.Result result = copy(credentials, name);
              assertThat(result.exit()).as(result.output()).isZero();
            });
  }

  private static void assertDenied(String credentials, String name) throws Exception {
    Program.Result result = copy(credentials, name);
    assertThat(result.exit()).as(result.output()).isNotZero();
    // A look at a layer has no body that says more.
    assertThat(result.output()).containsPattern("denied|403 \\(Forbidden\\)");
  }

  private static Program.Result copy(String credentials, String name)
      throws IOException, InterruptedException {
    return skopeo.run(
        "copy",
        "--dest-cert-dir",
        folder.resolve("certs").toString(),
        "--dest-creds",
        credentials,
        "oci:" + image + ":v1",
        "docker://" + name);
  }

  private static GenericKubernetesResource application(String file) throws IOException {
    GenericKubernetesResource application =
        Serialization.unmarshal(
            Files.readString(SAMPLES.resolve("gitops").resolve(file)),
            GenericKubernetesResource.class);
    assertThat(application.<List<String>>get("spec", "syncPolicy", "syncOptions"))
        .contains("ServerSideApply=true");
    assertThat(application.<Object>get("spec", "ignoreDifferences")).isNull();
    return application;
  }

  private static int wave(HasMetadata object) {
    return Integer.parseInt(object.getMetadata().getAnnotations().get(WAVE));
  }

  private static List<HasMetadata> objects(Path folder) throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        try (InputStream yaml = Files.newInputStream(file)) {
          objects.addAll(client.load(yaml).items());
        }
      }
    }
    return objects;
  }

  private static void sync(HasMetadata object) {
    client
        .resource(object)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("argocd-controller")
                .withForce(true)
                .build());
  }

  private static void createUsers(String namespace) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("registry-users")
                .withNamespace(namespace)
                .endMetadata()
                .addToData(
                    "htpasswd",
                    Base64.getEncoder().encodeToString(HTPASSWD.getBytes(StandardCharsets.UTF_8)))
                .build())
        .create();
  }
}
