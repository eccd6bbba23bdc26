package dev.berth.e2e;

import static dev.berth.e2e.RunningSystem.NAMESPACE;
import static dev.berth.e2e.RunningSystem.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * skopeo, podman, buildah and kubectl against the quickstart. TLS is verified with the CA of the
 * Secret {@code main-ca}. One quickstart serves all of it; what ends processes comes last.
 */
@NullUnmarked // a null is a failed test
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ResourceLock("ports of a node")
class ClientsIT {
  @TempDir static Path folder;
  private static RunningSystem system;
  private static Duration soon;
  private static KubernetesClient client;
  private static Program skopeo;
  private static Path certificates;
  private static String credentials;

  @BeforeAll
  static void start() throws Exception {
    skopeo = Program.installed("skopeo", Map.of());
    system = RunningSystem.start(folder.resolve("state"));
    soon = system.soon();
    client = system.client();
    credentials = "berth:" + system.password();
    certificates = Files.createDirectory(folder.resolve("certificates"));
    Secret authority = client.secrets().inNamespace(NAMESPACE).withName("main-ca").require();
    Files.write(
        certificates.resolve("ca.crt"),
        Base64.getDecoder().decode(authority.getData().get("ca.crt")));
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
  void anImageComesBackByteForByte() throws Exception {
    // Given
    Path image = folder.resolve("image");
    new OciLayout(image, 1).image(3, 1 << 20);

    // When
    push(image, "demo/image:v1");
    Path back = pull("demo/image:v1");

    // Then
    assertThat(OciLayout.blobs(back)).isEqualTo(OciLayout.blobs(image));
  }

  @Test
  void anIndexComesBackWithAllItsPlatforms() throws Exception {
    // Given
    Path index = folder.resolve("index");
    new OciLayout(index, 2).index(1 << 20);

    // When
    push(index, "demo/index:v1");
    Path back = pull("demo/index:v1");

    // Then
    assertThat(OciLayout.blobs(back)).isEqualTo(OciLayout.blobs(index)).hasSize(8);
  }

  @Test
  void podmanLogsInAndPullsWhatItPushed() throws Exception {
    // Given
    ContainerTool podman = tool("podman", folder.resolve("podman"));
    String name = REGISTRY + "/demo/podman:v1";
    String id = podman.succeed("import", podman.archive("podman").toString(), name);
    String image = podman.succeed("image", "inspect", "--format", "{{.Id}}", name);
    assertThat(id).endsWith(image);

    // When
    podman.login(REGISTRY, "berth", system.password());
    podman.succeed("push", name);
    podman.succeed("rmi", "--all", "--force");
    podman.succeed("pull", name);

    // Then
    assertThat(podman.succeed("image", "inspect", "--format", "{{.Id}}", name)).isEqualTo(image);
    assertThat(podman.succeed("image", "inspect", "--format", "{{.Digest}}", name))
        .isEqualTo("sha256:" + sha256(inspect(credentials, "demo/podman:v1").output()));
  }

  @ParameterizedTest
  @CsvSource({
    "oci,  application/vnd.oci.image.manifest.v1+json",
    "v2s2, application/vnd.docker.distribution.manifest.v2+json"
  })
  void buildahBuildsAndPushesInBothFormats(String format, String mediaType) throws Exception {
    // Given
    ContainerTool buildah = tool("buildah", folder.resolve("buildah-" + format));
    String name = REGISTRY + "/demo/buildah:" + format;
    String image = buildah.build(name, "amd64");

    // When
    buildah.login(REGISTRY, "berth", system.password());
    buildah.succeed("push", "--format", format, name);
    String manifest = inspect(credentials, "demo/buildah:" + format).output();
    buildah.succeed("rmi", "--all", "--force");
    buildah.succeed("pull", name);

    // Then
    assertThat(manifest).contains("\"mediaType\":\"" + mediaType + "\"");
    if (format.equals("oci")) { // the other one has a config of its own
      assertThat(
              buildah.succeed("inspect", "--type", "image", "--format", "{{.FromImageID}}", name))
          .isEqualTo(image);
    }
  }

  @Test
  void podmanPushesAListOfTwoPlatforms() throws Exception {
    // Given
    Path tools = folder.resolve("list");
    ContainerTool podman = tool("podman", tools);
    ContainerTool buildah = tool("buildah", tools);
    podman.login(REGISTRY, "berth", system.password());
    podman.succeed("manifest", "create", "both");
    for (String architecture : List.of("amd64", "arm64")) {
      String name = REGISTRY + "/demo/list:" + architecture;
      buildah.build(name, architecture);
      podman.succeed("push", name);
      podman.succeed("manifest", "add", "both", "docker://" + name);
    }

    // When
    podman.succeed("manifest", "push", "--all", "both", "docker://" + REGISTRY + "/demo/list:both");

    // Then
    assertThat(inspect(credentials, "demo/list:both").output())
        .contains("application/vnd.oci.image.index.v1+json", "\"amd64\"", "\"arm64\"")
        .contains(sha256(inspect(credentials, "demo/list:amd64").output()))
        .contains(sha256(inspect(credentials, "demo/list:arm64").output()));
    podman.succeed("rmi", "--all", "--force");
    podman.succeed("pull", "--arch", "arm64", REGISTRY + "/demo/list:both");
    assertThat(
            podman.succeed(
                "image", "inspect", "--format", "{{.Architecture}}", REGISTRY + "/demo/list:both"))
        .isEqualTo("arm64");
  }

  @Test
  void tagsAreListed() throws Exception {
    // Given
    Path image = folder.resolve("tagged");
    new OciLayout(image, 3).image(1, 1000);
    push(image, "demo/tagged:one");
    push(image, "demo/tagged:two");

    // When
    String tags =
        skopeo.succeed(
            "list-tags",
            "--cert-dir",
            certificates.toString(),
            "--creds",
            credentials,
            "docker://" + REGISTRY + "/demo/tagged");

    // Then
    assertThat(tags).contains("\"one\"").contains("\"two\"");
  }

  @Test
  void podmanFindsRepositoriesAndTheirTags() throws Exception {
    // Given
    ContainerTool podman = tool("podman", folder.resolve("search"));
    podman.login(REGISTRY, "berth", system.password());
    Path image = folder.resolve("searched");
    new OciLayout(image, 8).image(1, 1000);
    push(image, "demo/searched:one");
    push(image, "demo/searched:two");

    // When
    String found = podman.output("search", REGISTRY + "/search");
    String tags = podman.output("search", "--list-tags", REGISTRY + "/demo/searched");
    String none = podman.output("search", REGISTRY + "/nothing-of-this-name");

    // Then
    assertThat(found).contains(REGISTRY + "/demo/searched");
    assertThat(tags).containsPattern("demo/searched +one").containsPattern("demo/searched +two");
    assertThat(none).doesNotContain("demo/");
  }

  @Test
  void withoutTheCaTheConnectionIsRefused() throws Exception {
    assertRefused(
        skopeo.run("inspect", "--creds", credentials, "docker://" + REGISTRY + "/demo/image:v1"),
        "certificate");
  }

  @Test
  void aWrongPasswordIsRefused() throws Exception {
    assertRefused(inspect("berth:wrong", "demo/image:v1"), "unauthorized|authentication required");
  }

  @Test
  void whoHasNoRightIsRefused() throws Exception {
    // Given
    addUser("bob", "password of bob");

    // Then
    await()
        .atMost(soon)
        .untilAsserted(
            () -> assertRefused(inspect("bob:password of bob", "demo/image:v1"), "denied"));
    assertRefused(inspect(credentials, "elsewhere/image:v1"), "denied");
  }

  @Test
  void anUnknownRepositoryIsSaidToBeUnknownToWhoMayReadIt() throws Exception {
    assertRefused(inspect(credentials, "demo/nothing:v1"), "name unknown|manifest unknown");
  }

  @Test
  void theServiceAnswersAtItsAddressInTheCluster() throws Exception {
    // Given
    String address = one(Service.class, "main").getSpec().getClusterIP();
    Assumptions.assumeTrue(
        address.startsWith("127.")
            && ProcessHandle.current().info().user().equals(Optional.of("root")),
        "the address is on loopback with the API in memory alone, and its port 443 wants root");

    // When
    try (Socket socket = new Socket(address, 443)) {

      // Then
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void kubectlShowsTheKindsWithTheirColumns() throws Exception {
    // Given
    Program kubectl =
        Program.installed("kubectl", Map.of("KUBECONFIG", system.kubeconfig().toString()));

    // When
    String registries = kubectl.succeed("get", "registries", "-A");
    String described = kubectl.succeed("-n", NAMESPACE, "describe", "registry", "main");

    // Then
    assertThat(registries.lines().findFirst().orElseThrow())
        .matches("NAMESPACE +NAME +READY +REASON +URL +USED +REPLICAS +AGE *");
    assertThat(registries).contains("True").contains("https://" + REGISTRY);
    assertThat(described).contains("The registry serves").contains("Normal").contains("Ready");
  }

  @Test
  void aRightThatIsTakenBackCountsAtOnce() throws Exception {
    // Given
    Program kubectl =
        Program.installed("kubectl", Map.of("KUBECONFIG", system.kubeconfig().toString()));
    Path image = folder.resolve("guest");
    new OciLayout(image, 4).image(1, 1000);
    push(image, "demo/guest:v1");
    addUser("guest", "password of guest");
    Path policy = folder.resolve("guest.yaml");
    Files.writeString(
        policy,
        """
        apiVersion: berth.dev/v1alpha1
        kind: AccessPolicy
        metadata: {name: guest, namespace: registries}
        spec:
          registryRef: {name: main}
          subjects: [{kind: User, name: guest}]
          rules: [{repositories: [demo/guest], actions: [Pull]}]
        """);

    // When
    kubectl.succeed("apply", "-f", policy.toString());

    // Then
    await()
        .atMost(soon)
        .until(() -> inspect("guest:password of guest", "demo/guest:v1").exit() == 0);

    // When
    kubectl.succeed("delete", "-f", policy.toString());

    // Then
    await()
        .atMost(soon)
        .untilAsserted(
            () -> assertRefused(inspect("guest:password of guest", "demo/guest:v1"), "denied"));
  }

  @Test
  @Order(Order.DEFAULT + 1)
  void threeHundredMegabytesGoInAndOutWithinTheMemoryOfASmallPod() throws Exception {
    // Given
    Path image = folder.resolve("large");
    new OciLayout(image, 5).image(2, 150_000_000);

    // When
    push(image, "demo/large:v1");
    Path back = pull("demo/large:v1");

    // Then
    assertThat(OciLayout.blobs(back)).isEqualTo(OciLayout.blobs(image));
    ProcessHandle server = system.server();
    if (system instanceof RunningQuickstart) { // a pod's heap follows from its limit
      assertThat(server.info().arguments().orElseThrow()).contains("-Xmx128m");
    }
    assertThat(peakMebibytes(server)).isLessThan(300);
  }

  @Test
  @Order(Order.DEFAULT + 2)
  void whatIsDeletedComesBackWithinFiveSeconds() {
    for (HasMetadata child :
        List.of(
            one(Service.class, "main"),
            one(Secret.class, "main-tls"),
            client
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("berth.dev/registry", "main")
                .list()
                .getItems()
                .getFirst())) {
      // When
      client.resource(child).delete();

      // Then
      await()
          .atMost(Duration.ofSeconds(5))
          .until(
              () ->
                  child instanceof Pod
                      ? client
                          .pods()
                          .inNamespace(NAMESPACE)
                          .withLabel("berth.dev/registry", "main")
                          .list()
                          .getItems()
                          .stream()
                          .anyMatch(pod -> isOther(pod, child))
                      : isOther(client.resource(child).get(), child));
    }
    awaitReady();
  }

  @Test
  @Order(Order.DEFAULT + 3)
  void aServerThatIsKilledMidPushShowsNothingHalfWritten() throws Exception {
    // Given
    awaitReady();
    Path image = folder.resolve("cut");
    new OciLayout(image, 6).image(1, 200_000_000);
    ProcessHandle server = system.server();
    Thread push =
        Thread.startVirtualThread(
            () -> {
              try {
                skopeo.run(copyIn(image, "demo/cut:v1"));
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(soon).until(() -> uploadedBytes() > 20_000_000);

    // When
    server.destroyForcibly();
    push.join();

    // Then
    await().atMost(Duration.ofSeconds(60)).until(ClientsIT::serves);
    assertRefused(inspect(credentials, "demo/cut:v1"), "name unknown|manifest unknown");

    // When
    push(image, "demo/cut:v1");

    // Then
    assertThat(OciLayout.blobs(pull("demo/cut:v1"))).isEqualTo(OciLayout.blobs(image));
  }

  @Test
  @Order(Order.DEFAULT + 4)
  void aSecondStartFindsTheImagesAgain() throws Exception {
    // Given
    Path image = folder.resolve("kept");
    new OciLayout(image, 7).image(2, 100_000);
    // A cluster that notices late that the server was killed takes its address away for a while.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> skopeo.run(copyIn(image, "demo/kept:v1")).exit() == 0);
    byte[] authority = Files.readAllBytes(certificates.resolve("ca.crt"));

    // When
    client.close();
    system.restart();
    client = system.client();

    // Then
    assertThat(OciLayout.blobs(pull("demo/kept:v1"))).isEqualTo(OciLayout.blobs(image));
    assertThat(Base64.getDecoder().decode(one(Secret.class, "main-ca").getData().get("ca.crt")))
        .isEqualTo(authority);
  }

  private static boolean isOther(HasMetadata now, HasMetadata before) {
    return now != null && !now.getMetadata().getUid().equals(before.getMetadata().getUid());
  }

  private static <R extends HasMetadata> R one(Class<R> type, String name) {
    return client.resources(type).inNamespace(NAMESPACE).withName(name).require();
  }

  private static void awaitReady() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                one(Registry.class, "main").getStatus().conditions().stream()
                        .anyMatch(c -> c.type().equals("Ready") && c.status().name().equals("TRUE"))
                    && serves());
  }

  private static boolean serves() throws IOException, InterruptedException {
    return inspect(credentials, "demo/none:v1").output().matches("(?s).*(name|manifest) unknown.*");
  }

  private static ContainerTool tool(String name, Path home) throws IOException {
    return ContainerTool.installed(name, home, REGISTRY, certificates.resolve("ca.crt"));
  }

  private static void push(Path layout, String name) throws Exception {
    skopeo.succeed(copyIn(layout, name));
  }

  private static String[] copyIn(Path layout, String name) {
    return new String[] {
      "copy",
      "--all",
      "--dest-cert-dir",
      certificates.toString(),
      "--dest-creds",
      credentials,
      "oci:" + layout + ":v1",
      "docker://" + REGISTRY + "/" + name
    };
  }

  private static Path pull(String name) throws Exception {
    Path back = folder.resolve("back-" + name.replaceAll("[/:]", "-"));
    skopeo.succeed(
        "copy",
        "--all",
        "--src-cert-dir",
        certificates.toString(),
        "--src-creds",
        credentials,
        "docker://" + REGISTRY + "/" + name,
        "oci:" + back + ":v1");
    return back;
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Program.Result inspect(String creds, String name)
      throws IOException, InterruptedException {
    return skopeo.run(
        "inspect",
        "--raw",
        "--cert-dir",
        certificates.toString(),
        "--creds",
        creds,
        "docker://" + REGISTRY + "/" + name);
  }

  private static void assertRefused(Program.Result result, String why) {
    assertThat(result.exit()).as(result.output()).isNotZero();
    assertThat(result.output()).containsPattern(Pattern.compile(why, Pattern.CASE_INSENSITIVE));
  }

  private static void addUser(String name, String password) {
    byte[] salt = "sixteen bytes ..".getBytes(StandardCharsets.US_ASCII);
    String line =
        name
            + ":"
            + OpenBSDBCrypt.generate("2y", password.getBytes(StandardCharsets.UTF_8), salt, 4)
            + "\n";
    client
        .secrets()
        .inNamespace(NAMESPACE)
        .withName("registry-users")
        .edit(
            secret -> {
              String users =
                  new String(
                      Base64.getDecoder().decode(secret.getData().get("htpasswd")),
                      StandardCharsets.UTF_8);
              return new SecretBuilder(secret)
                  .addToData(
                      "htpasswd",
                      Base64.getEncoder()
                          .encodeToString((users + line).getBytes(StandardCharsets.UTF_8)))
                  .build();
            });
  }

  /** What is being uploaded lies on the claim, outside of what is visible. */
  private static long uploadedBytes() throws IOException {
    try (var files = Files.walk(folder.resolve("state"))) {
      return files
          .filter(file -> file.toString().contains("_uploads"))
          .filter(Files::isRegularFile)
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static long peakMebibytes(ProcessHandle process) throws IOException {
    Matcher peak =
        Pattern.compile("VmHWM:\\s+(\\d+) kB")
            .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
    assertThat(peak.find()).isTrue();
    return Long.parseLong(peak.group(1)) >> 10;
  }
}
