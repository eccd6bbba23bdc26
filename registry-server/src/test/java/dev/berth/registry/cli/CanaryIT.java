package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.policy.Canary;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.PullCredential;
import dev.berth.policy.PullSecrets;
import dev.berth.policy.Quota;
import dev.berth.policy.SpaceRules;
import dev.berth.policy.Subject;
import dev.berth.policy.Visibility;
import dev.berth.registry.oci.MediaTypes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image by which nodes prove that they can pull: who may do what with it. */
@NullUnmarked // a null is a failed test
final class CanaryIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UID = "8a9f";
  private static final long GENERATION = 7;
  private static final PullCredential CREDENTIAL = new PullCredential(Canary.POLICY, "registries");
  private static final String OTHER =
      "{\"schemaVersion\":2,\"manifests\":[],\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\"}";

  @TempDir Path folder;

  private TestRegistry registry;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    registry = TestRegistry.start(folder, policy(true));
    client = registry.client();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itsCredentialPullsAllOfItByAToken(boolean anonymous) throws Exception {
    // Given
    registry.deliver(client, policy(anonymous));
    String digest = store();
    String token = token(canary());

    // When
    HttpResponse<String> index = get(digest, token);

    // Then
    assertThat(index.statusCode()).as(index.body()).isEqualTo(200);
    assertThat(index.headers().firstValue("Docker-Content-Digest")).contains(digest);
    for (JsonNode listed : JSON.readTree(index.body()).path("manifests")) {
      JsonNode manifest = JSON.readTree(get(listed.path("digest").asText(), token).body());
      for (String blob : manifest.findValuesAsText("digest")) {
        assertThat(
                TestRegistry.send(
                        client,
                        registry
                            .data("/v2/berth.dev/canary/blobs/" + blob)
                            .header("Authorization", "Bearer " + token))
                    .statusCode())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void storedAgainItIsTheSameAndDoesNotCount() throws Exception {
    // Given
    String first = store();

    // When
    String second = store();

    // Then
    assertThat(second).isEqualTo(first);
    assertThat(management("GET", "/v1/usage", ""))
        .contains("\"repositories\":0", "\"tags\":0", "\"manifests\":0");
    assertThat(JSON.readTree(management("GET", "/v1/declared", "")).findValuesAsText("manifests"))
        .containsOnly("0");
  }

  @Test
  void whoMayDoEverythingElseMayNothingWithItAndDoesNotSeeIt() throws Exception {
    // Given
    String digest = store();
    String alice = TestRegistry.basic("alice", TestRegistry.PASSWORD);

    // When, Then
    assertThat(as(alice, "PUT", "/v2/berth.dev/canary/manifests/v1", OTHER)).isEqualTo(403);
    assertThat(as(alice, "DELETE", "/v2/berth.dev/canary/manifests/" + digest, "")).isEqualTo(403);
    assertThat(as(alice, "POST", "/v2/berth.dev/canary/blobs/uploads/", "")).isEqualTo(403);
    assertThat(as(alice, "GET", "/v2/berth.dev/canary/manifests/" + digest, "")).isEqualTo(403);
    assertThat(as(alice, "PUT", "/v2/app/manifests/v1", OTHER)).isEqualTo(201);
    assertThat(
            TestRegistry.send(client, registry.data("/v2/_catalog").header("Authorization", alice))
                .body())
        .contains("app")
        .doesNotContain("canary");
    assertThat(
            TestRegistry.send(
                    client, registry.data("/v1/search?q=canary").header("Authorization", alice))
                .body())
        .doesNotContain(Canary.REPOSITORY);
    assertThat(as(null, "GET", "/v2/berth.dev/canary/manifests/" + digest, "")).isEqualTo(401);
  }

  @Test
  void itsCredentialIsForNothingElse() throws Exception {
    // Given
    store();
    as(TestRegistry.basic("alice", TestRegistry.PASSWORD), "PUT", "/v2/app/manifests/v1", OTHER);

    // When, Then
    assertThat(as(canary(), "GET", "/v2/app/manifests/v1", "")).isEqualTo(403);
    assertThat(as(canary(), "PUT", "/v2/berth.dev/canary/manifests/v1", OTHER)).isEqualTo(403);
    assertThat(
            as(
                TestRegistry.basic(CREDENTIAL.username(), "guessed"),
                "GET",
                "/v2/berth.dev/canary/manifests/v1",
                ""))
        .isEqualTo(401);
  }

  @Test
  void whatADeletionOfEverythingLeavesIsIt() throws Exception {
    // Given
    String digest = store();

    // When
    String deleted = management("POST", "/v1/repositories/delete", "{\"path\":\"**\"}");

    // Then
    assertThat(deleted).contains("\"repositories\":0");
    assertThat(get(digest, token(canary())).statusCode()).isEqualTo(200);
  }

  @Test
  void nobodyStoresItWithoutTheManagementToken() throws Exception {
    assertThat(
            TestRegistry.send(
                    client, registry.management("/v1/canary").POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(401);
    assertThat(
            TestRegistry.send(client, registry.data("/v1/canary").POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(404);
  }

  /** Alice may do everything, a Repository is for everything, and nothing fits any more. */
  private static PolicyDocument policy(boolean anonymous) {
    Quota full = new Quota(1L, null, 1L, null);
    return PolicyDocumentFormat.document(
        new PolicyDocument.Content(
            anonymous,
            Creation.DECLARED,
            List.of(
                new DeclaredRepository(
                    "team-a/all",
                    new PathPattern("berth.dev/**"),
                    Visibility.PUBLIC,
                    List.of("*"),
                    List.of("application/nothing"),
                    full,
                    null),
                new DeclaredRepository("team-a/app", new PathPattern("app"), Visibility.PRIVATE)),
            List.of(
                new Grant(
                    "team-a/alice",
                    List.of(
                        new Subject(Subject.Kind.USER, "alice", null),
                        new Subject(Subject.Kind.AUTHENTICATED, null, null)),
                    List.of(new PathPattern("**")),
                    Set.of(Action.PULL, Action.PUSH, Action.DELETE),
                    null)),
            List.of(),
            null,
            List.of(
                new PullSecrets(
                    Canary.POLICY, UID, List.of(GENERATION), new TreeSet<>(Set.of("registries")))),
            SpaceRules.NONE),
        anonymous ? 1 : 2);
  }

  private String store() throws Exception {
    JsonNode stored = JSON.readTree(management("POST", "/v1/canary", ""));
    assertThat(stored.path("repository").asText()).isEqualTo(Canary.REPOSITORY);
    return stored.path("digest").asText();
  }

  private static String canary() {
    return TestRegistry.basic(
        CREDENTIAL.username(), CREDENTIAL.password(TestRegistry.PULL_SECRET_KEY, UID, GENERATION));
  }

  private String token(String login) throws Exception {
    HttpResponse<String> answer =
        TestRegistry.send(
            client,
            registry
                .data("/token?scope=repository:berth.dev/canary:pull")
                .header("Authorization", login));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).path("token").asText();
  }

  private HttpResponse<String> get(String digest, String token) throws Exception {
    return TestRegistry.send(
        client,
        registry
            .data("/v2/berth.dev/canary/manifests/" + digest)
            .header("Accept", MediaTypes.OCI_INDEX)
            .header("Accept", MediaTypes.OCI_MANIFEST)
            .header("Authorization", "Bearer " + token));
  }

  private int as(String login, String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        registry
            .data(path)
            .header("Content-Type", MediaTypes.OCI_INDEX)
            .header("Accept", MediaTypes.OCI_INDEX)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (login != null) {
      request.header("Authorization", login);
    }
    return TestRegistry.send(client, request).statusCode();
  }

  private String management(String method, String path, String body) throws Exception {
    HttpResponse<String> answer =
        TestRegistry.send(
            client,
            registry
                .management(path)
                .header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN)
                .header("Content-Type", "application/json")
                .method(
                    method,
                    body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
