package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.Subject;
import dev.berth.policy.Visibility;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.retention.run.RetentionRuns;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator is told of each Repository. */
final class DeclaredIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Retention RULES =
      new Retention(
          List.of(),
          List.of(new Expire(List.of("pr-*"), false, 0)),
          "0 3 * * *",
          false,
          "25%",
          null,
          null);

  @TempDir Path folder;

  private TestRegistry registry;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    registry = TestRegistry.start(folder, policy(RULES));
    client = registry.client();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static PolicyDocument policy(Retention retention) {
    return PolicyDocumentFormat.document(
        new PolicyDocument.Content(
            true,
            Creation.ON_PUSH,
            List.of(
                declared("a/images", "a/**", retention),
                declared("a/one", "a/one", null),
                declared("b/empty", "b/**", null)),
            List.of(
                new Grant(
                    "a/alice",
                    List.of(new Subject(Subject.Kind.USER, "alice", null)),
                    List.of(new PathPattern("**")),
                    Set.of(Action.PULL, Action.PUSH),
                    null))),
        1);
  }

  private static DeclaredRepository declared(
      String name, String path, @Nullable Retention retention) {
    return new DeclaredRepository(
        name, new PathPattern(path), Visibility.PRIVATE, List.of(), List.of(), null, retention);
  }

  @Test
  void everyRepositoryHasItsCountsAndWhatNoneDeclaresHasThemToo() throws Exception {
    int shared = push("a/x", "pr-1", "shared layer") - "shared layer".length() - 2;
    push("a/y", "v1", "of y alone");
    push("a/one", "v1", "shared layer");
    push("elsewhere", "v1", "undeclared");

    JsonNode images = entry("a/images");
    assertThat(images.path("repositories").asInt()).isEqualTo(2);
    assertThat(images.path("tags").asInt()).isEqualTo(2);
    assertThat(images.path("manifests").asInt()).isEqualTo(2);
    // The manifest and the layer of a/x, and the configuration, are in a/one as well.
    assertThat(images.path("logicalBytes").asLong() - images.path("uniqueBytes").asLong())
        .isEqualTo(shared + "shared layer".length() + 2 + 2);
    assertThat(images.path("lastPushAt").asText()).startsWith("20");
    assertThat(images.has("lastPullAt")).isFalse();
    assertThat(entry("a/one").path("repositories").asInt()).isEqualTo(1);
    assertThat(entry("").path("tags").asInt()).isEqualTo(1);
    assertThat(entry("b/empty"))
        .isEqualTo(
            JSON.readTree(
                """
                {"name":"b/empty","repositories":0,"tags":0,"manifests":0,"logicalBytes":0,\
                "uniqueBytes":0}"""));
  }

  @Test
  void retentionSaysWhatItWouldDelete() throws Exception {
    push("a/x", "pr-1", "layer");
    push("a/x", "v1", "other layer");
    registry.server().context().getBean(RetentionRuns.class).run();

    JsonNode retention = entry("a/images").path("retention");

    assertThat(retention.path("rules").asText()).isEqualTo(PolicyDocumentFormat.hash(RULES));
    assertThat(retention.path("revision").asText()).hasSize(16);
    assertThat(retention.path("held").asBoolean(true)).isFalse();
    assertThat(retention.path("deletedTags").asInt(-1)).isZero();
    JsonNode preview = retention.path("preview");
    assertThat(preview.path("at").asText()).startsWith("20");
    assertThat(preview.path("expiringTags").asInt()).isEqualTo(1);
    assertThat(preview.path("expiringManifests").asInt(-1)).isZero();
    assertThat(preview.path("expiringBytes").asInt()).isPositive();
    assertThat(preview.path("sample").path(0).path("repository").asText()).isEqualTo("a/x");
    assertThat(preview.path("sample").path(0).path("tag").asText()).isEqualTo("pr-1");
    assertThat(preview.path("sample").path(0).path("rule").asText()).isEqualTo("expire[0]");
    assertThat(preview.path("sample").path(0).path("reason").asText()).startsWith("pushed ");
  }

  @Test
  void nobodyIsToldWithoutTheToken() throws Exception {
    assertThat(TestRegistry.send(client, registry.management("/v1/declared")).statusCode())
        .isEqualTo(401);
  }

  private JsonNode entry(String name) throws IOException, InterruptedException {
    String body =
        TestRegistry.send(
                client,
                registry
                    .management("/v1/declared")
                    .header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN))
            .body();
    for (JsonNode entry : JSON.readTree(body).path("declared")) {
      if (entry.path("name").asText("none").equals(name)) {
        return entry;
      }
    }
    throw new AssertionError("no entry " + name + " in " + body);
  }

  /** Pushes an image of one layer and returns how many bytes it has with all of it. */
  private int push(String repository, String tag, String layer)
      throws IOException, InterruptedException {
    blob(repository, "{}");
    blob(repository, layer);
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MediaTypes.OCI_MANIFEST,
                descriptor("application/vnd.oci.image.config.v1+json", "{}"),
                descriptor("application/vnd.oci.image.layer.v1.tar", layer));
    int status =
        TestRegistry.send(
                client,
                registry
                    .data("/v2/" + repository + "/manifests/" + tag)
                    .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD))
                    .header("Content-Type", MediaTypes.OCI_MANIFEST)
                    .PUT(BodyPublishers.ofString(manifest)))
            .statusCode();
    assertThat(status).isEqualTo(201);
    return manifest.length() + layer.length() + 2;
  }

  private void blob(String repository, String content) throws IOException, InterruptedException {
    int status =
        TestRegistry.send(
                client,
                registry
                    .data("/v2/" + repository + "/blobs/uploads/?digest=" + digest(content))
                    .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD))
                    .POST(BodyPublishers.ofString(content)))
            .statusCode();
    assertThat(status).isEqualTo(201);
  }

  private static String descriptor(String type, String content) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(type, digest(content), content.length());
  }

  private static String digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(UTF_8)).toString();
  }
}
