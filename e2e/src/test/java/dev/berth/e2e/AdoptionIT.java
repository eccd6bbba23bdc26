package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Subject;
import dev.berth.program.ProgramOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume that a real registry of CNCF distribution wrote, before and after Berth has it. */
class AdoptionIT {
  private static final Path JAR =
      RunningQuickstart.HOME.resolve("registry-server/target/berth-registry.jar");
  private static final String ACCEPT =
      "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json,"
          + " application/vnd.docker.distribution.manifest.v2+json,"
          + " application/vnd.docker.distribution.manifest.list.v2+json";

  @TempDir private Path folder;

  private Program skopeo;
  private Program distribution;
  private final int port = freePort();

  /** What distribution served under a path. */
  private final Map<String, byte[]> manifests = new HashMap<>();

  private record Running(Process process) implements AutoCloseable {
    @Override
    public void close() {
      process.destroy();
      process
          .onExit()
          .orTimeout(60, TimeUnit.SECONDS)
          .exceptionally(_ -> process.destroyForcibly())
          .join();
    }
  }

  @BeforeEach
  void fillAVolume() throws Exception {
    skopeo = Program.installed("skopeo", Map.of());
    distribution = Program.installed("docker-registry", Map.of());
    writeConfigurations();
    OciLayout image = new OciLayout(folder.resolve("image"), 1);
    image.image(3, 100_000);
    new OciLayout(folder.resolve("second"), 2).image(1, 100_000);
    new OciLayout(folder.resolve("list"), 3).index(50_000);
    new OciLayout(folder.resolve("deleted"), 4).image(1, 10_000);
    try (Running _ = distribution()) {
      push("image", "team/app:v1", "oci");
      push("image", "team/docker:v1", "v2s2");
      push("second", "team/app:moved", "oci");
      remember("team/app", "moved");
      push("image", "team/app:moved", "oci");
      push("list", "team/app/multi:v1", "oci");
      push("deleted", "team/app:deleted", "oci");
      skopeo.succeed("delete", "--tls-verify=false", reference("team/app:deleted"));
      remember("team/app", "v1");
      remember("team/app", "moved");
      remember("team/docker", "v1");
      remember("team/app/multi", "v1");
    }
  }

  private void writeConfigurations() throws IOException {
    Files.writeString(
        folder.resolve("distribution.yml"),
        """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage:
          filesystem: {rootdirectory: %s/volume}
          delete: {enabled: true}
        http: {addr: "127.0.0.1:%d"}
        """
            .formatted(folder, port));
    Files.writeString(
        folder.resolve("registry.yaml"),
        """
        http: {address: 127.0.0.1, port: %d, hosts: ["127.0.0.1:%1$d"]}
        storage: {filesystem: {path: volume}}
        metadata: {embedded: {path: volume/berth.db}}
        policy: {file: policy.json}
        """
            .formatted(port));
    Grant everybody =
        new Grant(
            "team/everybody",
            List.of(new Subject(Subject.Kind.ANONYMOUS, null, null)),
            List.of(new PathPattern("**")),
            EnumSet.allOf(Action.class),
            null);
    Files.write(
        folder.resolve("policy.json"),
        PolicyDocumentFormat.gzip(
            PolicyDocumentFormat.document(
                new PolicyDocument.Content(true, Creation.ON_PUSH, List.of(), List.of(everybody)),
                1)));
  }

  @Test
  void whatDistributionServedIsServedByteForByteAndDistributionServesItStill() throws Exception {
    Map<String, String> before = files();

    String imported = berth("import");

    assertThat(imported).contains("done: 3 of 3 repositories", " 0 skipped");
    assertThat(files()).isEqualTo(before);
    try (Running _ = berthServer()) {
      assertServed();
      assertThat(status("/v2/team/app/manifests/deleted")).isEqualTo(404);
      push("second", "team/new:v1", "oci");
    }
    String again = berth("import");
    assertThat(again).contains(" 0 skipped");
    try (Running _ = distribution()) {
      assertServed();
    }
  }

  @Test
  void aServerThatIsGivenTheVolumeNeedsNoCommand() throws Exception {
    try (Running _ = berthServer()) {
      assertServed();
    }
  }

  private void assertServed() throws Exception {
    for (Map.Entry<String, byte[]> manifest : manifests.entrySet()) {
      assertThat(get(manifest.getKey()).body())
          .as(manifest.getKey())
          .isEqualTo(manifest.getValue());
    }
    for (String tag : List.of("team/app:v1", "team/app:moved", "team/docker:v1")) {
      Path pulled = Files.createTempDirectory(folder, "pulled").resolve("image");
      skopeo.succeed("copy", "--src-tls-verify=false", reference(tag), "oci:" + pulled + ":v1");
      assertThat(OciLayout.blobs(pulled).values()).containsAll(layers(folder.resolve("image")));
    }
  }

  /** Those blobs of a layout that no tool writes anew. */
  private static List<String> layers(Path layout) throws IOException {
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      return blobs
          .filter(blob -> blob.toFile().length() > 50_000)
          .map(blob -> blob.getFileName().toString())
          .toList();
    }
  }

  private void push(String layout, String to, String format) throws Exception {
    skopeo.succeed(
        "copy",
        "--all",
        "--dest-tls-verify=false",
        "--format",
        format,
        "oci:" + folder.resolve(layout) + ":v1",
        reference(to));
  }

  private String reference(String name) {
    return "docker://127.0.0.1:" + port + "/" + name;
  }

  /** By tag, and by digest for when the tag names something else. */
  private void remember(String repository, String tag) throws Exception {
    String path = "/v2/" + repository + "/manifests/";
    HttpResponse<byte[]> answer = get(path + tag);
    manifests.put(path + tag, answer.body());
    manifests.put(
        path + answer.headers().firstValue("Docker-Content-Digest").orElseThrow(), answer.body());
  }

  /** Berth wants a token also of those who have no name. */
  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer = client.send(request(path).build(), BodyHandlers.ofByteArray());
      if (answer.statusCode() != 401 || !path.contains("/manifests/")) {
        return answer;
      }
      String repository = path.substring("/v2/".length(), path.indexOf("/manifests/"));
      String realm =
          answer
              .headers()
              .firstValue("WWW-Authenticate")
              .orElseThrow()
              .replaceFirst(".*realm=\"([^\"]+)\".*", "$1");
      HttpResponse<String> token =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(realm + "?scope=repository:" + repository + ":pull"))
                  .build(),
              BodyHandlers.ofString());
      return client.send(
          request(path)
              .header(
                  "Authorization",
                  "Bearer " + new ObjectMapper().readTree(token.body()).path("token").asText())
              .build(),
          BodyHandlers.ofByteArray());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Accept", ACCEPT);
  }

  private int status(String path) throws IOException, InterruptedException {
    return get(path).statusCode();
  }

  private Running distribution() throws IOException {
    return awaitAnswer(
        start(
            List.of(
                distribution.executable().toString(),
                "serve",
                folder.resolve("distribution.yml").toString())));
  }

  private Running berthServer() throws IOException {
    return awaitAnswer(start(command("serve")));
  }

  private Running awaitAnswer(Running running) {
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              assertThat(running.process().isAlive()).as(log()).isTrue();
              return status("/v2/") != 503;
            });
    return running;
  }

  private String berth(String verb) throws IOException, InterruptedException {
    Running running = start(command(verb));
    assertThat(running.process().waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(running.process().exitValue()).as(log()).isZero();
    return log();
  }

  private static List<String> command(String verb) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ProgramOptions.of(RunningQuickstart.HOME, JAR));
    command.addAll(List.of("-Xmx128m", "-jar", JAR.toString(), verb));
    return command;
  }

  private Running start(List<String> command) throws IOException {
    return new Running(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start());
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /** Distribution's own, with their times and sizes. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve("volume/docker"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
      }
    }
    return files;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
