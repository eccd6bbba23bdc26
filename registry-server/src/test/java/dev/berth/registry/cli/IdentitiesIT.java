package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.Creation;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.PullCredential;
import dev.berth.policy.PullSecrets;
import dev.berth.policy.Subject;
import dev.berth.registry.identity.TestIssuer;
import dev.berth.registry.watch.FilePoller;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Callers that Kubernetes vouches for, from their login to the end of their rights. */
final class IdentitiesIT {
  private static final PullCredential COPY = new PullCredential("team-a/ci", "prod");
  private static final String UPLOAD = "/v2/team-a/app/blobs/uploads/";
  private static final String TAGS = "/v2/team-a/app/tags/list";
  private static final String SCOPE = "repository:team-a/app:pull,push";

  @TempDir Path folder;

  private final TestIssuer cluster = new TestIssuer(Clock.systemUTC());
  private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
  private final Logger auditLog = (Logger) LoggerFactory.getLogger("dev.berth.audit");
  private TestRegistry registry;
  private HttpClient client;
  private long sequence = 1;

  @BeforeEach
  void start() throws Exception {
    registry = TestRegistry.start(folder, policy("uid-1", List.of(0L, 1L)));
    client = registry.client();
    audit.start();
    auditLog.setLevel(Level.INFO);
    auditLog.addAppender(audit);
  }

  @AfterEach
  void stop() {
    auditLog.detachAppender(audit);
    client.close();
    registry.close();
    cluster.close();
  }

  private PolicyDocument policy(String uid, List<Long> generations) {
    return PolicyDocumentFormat.document(
        new PolicyDocument.Content(
            true,
            Creation.ON_PUSH,
            List.of(),
            List.of(
                new Grant(
                    "team-a/ci",
                    List.of(new Subject(Subject.Kind.SERVICE_ACCOUNT, "builder", "ci")),
                    List.of(new PathPattern("team-a/**")),
                    Set.of(Action.PULL, Action.PUSH),
                    null)),
            List.of(),
            new ClusterTokens(
                cluster.url(), cluster.keySet(), Map.of("ci", Map.of("builder", uid))),
            List.of(
                new PullSecrets("team-a/ci", "uid-p", generations, new TreeSet<>(Set.of("prod")))),
            null),
        sequence++);
  }

  private String serviceAccountToken() {
    return cluster.sign(
        cluster
            .serviceAccount("ci", "builder", "uid-1")
            .audience("https://localhost:" + registry.port));
  }

  @Test
  void aServiceAccountPushesWithItsToken() throws Exception {
    String token = token("whatever", serviceAccountToken());

    assertThat(post(UPLOAD, token)).isEqualTo(202);
    assertThat(post("/v2/team-b/app/blobs/uploads/", token)).isEqualTo(403);
  }

  @Test
  void aServiceAccountThatIsMadeAnewHasLostItsTokensAtOnce() throws Exception {
    // Given
    String token = token("x", serviceAccountToken());
    assertThat(post(UPLOAD, token)).isEqualTo(202);

    // When
    registry.deliver(client, policy("uid-2", List.of(0L)));

    // Then
    assertThat(post(UPLOAD, token)).isEqualTo(401);
    assertThat(login("x", serviceAccountToken()).statusCode()).isEqualTo(401);
    assertThat(login("x", serviceAccountToken()).body()).contains("ci/builder");
  }

  @Test
  void aPushThatRunsEndsWithThePolicyThatAllowedIt() throws Exception {
    // Given
    String token = token("x", serviceAccountToken());
    String session =
        TestRegistry.send(
                client,
                registry
                    .data(UPLOAD)
                    .header("Authorization", "Bearer " + token)
                    .POST(BodyPublishers.noBody()))
            .headers()
            .firstValue("Location")
            .orElseThrow();
    byte[] blob = {1, 2, 3};
    assertThat(send("PATCH", session, token, blob)).isEqualTo(202);

    // When
    registry.deliver(client, Policies.aliceMay(sequence++, "team-a/**", Action.PULL));

    // Then
    assertThat(send("PATCH", session, token, blob)).isEqualTo(401);
    String alice = token("alice", TestRegistry.PASSWORD);
    assertThat(send("PUT", session + "?digest=" + digest(blob), alice, new byte[0])).isEqualTo(403);
  }

  @Test
  void aUserThatIsTakenOutOfTheFileIsOutAtOnce() throws Exception {
    // Given
    registry.deliver(client, Policies.aliceMay(sequence++, "team-a/**", Action.PULL));
    String alice = token("alice", TestRegistry.PASSWORD);
    assertThat(get(TAGS, alice).statusCode()).isEqualTo(404);

    // When
    Files.writeString(folder.resolve("htpasswd"), "bob:" + TestRegistry.bcrypt("other") + "\n");
    registry.server().context().getBean(FilePoller.class).look();

    // Then
    assertThat(get(TAGS, alice).statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenForAnotherRegistryIsRefused() throws Exception {
    String other =
        cluster.sign(
            cluster.serviceAccount("ci", "builder", "uid-1").audience("https://other.example.com"));

    assertThat(login("x", other).statusCode()).isEqualTo(401);
  }

  @Test
  void aPullSecretPullsAndDoesNotPush() throws Exception {
    // Given
    assertThat(post(UPLOAD, token("x", serviceAccountToken()))).isEqualTo(202);
    String token = token(COPY.username(), password(1));

    assertThat(get(TAGS, token).statusCode()).as("nothing was pushed yet").isEqualTo(404);
    assertThat(post(UPLOAD, token)).isEqualTo(403);
    assertThat(get("/v2/team-b/app/tags/list", token).statusCode()).isEqualTo(403);
  }

  @Test
  void aPullSecretThatWasReplacedEndsWithItsGeneration() throws Exception {
    // Given
    String token = token(COPY.username(), password(0));

    // When
    registry.deliver(client, policy("uid-1", List.of(1L, 2L)));

    // Then
    assertThat(get(TAGS, token).statusCode()).isEqualTo(401);
    assertThat(login(COPY.username(), password(0)).statusCode()).isEqualTo(401);
    assertThat(login(COPY.username(), password(1)).statusCode()).isEqualTo(200);
  }

  @Test
  void aRefusalSaysWhatLackedToWhoeverMayKnow() throws Exception {
    String token = token(COPY.username(), password(1));

    String lacked =
        TestRegistry.send(
                client,
                registry
                    .data(UPLOAD)
                    .header("Authorization", "Bearer " + token)
                    .POST(BodyPublishers.noBody()))
            .body();

    assertThat(new ObjectMapper().readTree(lacked).at("/errors/0/detail").toString())
        .isEqualTo("{\"action\":\"push\",\"repository\":\"team-a/app\"}");
    assertThat(get("/v2/team-b/app/tags/list", token).body()).doesNotContain("detail");
  }

  @Test
  void whatIsRefusedIsOnTheRecord() throws Exception {
    String token = token(COPY.username(), password(1));
    audit.list.clear();

    post(UPLOAD, token);
    login("alice", "wrong");

    assertThat(audit.list.stream().map(IdentitiesIT::fields).toList())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .containsEntry("kind", "PullSecret")
                    .containsEntry("name", "team-a/ci/prod")
                    .containsEntry("action", "push")
                    .containsEntry("repository", "team-a/app")
                    .containsEntry("result", "denied")
                    .containsEntry("status", "403"),
            line ->
                assertThat(line)
                    .containsEntry("kind", "Anonymous")
                    .containsEntry("claimedName", "alice")
                    .containsEntry("action", "login")
                    .containsEntry("result", "denied")
                    .containsEntry("status", "401"));
    assertThat(audit.list.toString()).doesNotContain("wrong", token);
  }

  @Test
  void whatIsChangedIsOnTheRecordWithThePolicyThatAllowedIt() throws Exception {
    String token = token("x", serviceAccountToken());
    audit.list.clear();
    byte[] blob = {1, 2, 3};

    int status =
        TestRegistry.send(
                client,
                registry
                    .data(UPLOAD + "?digest=" + digest(blob))
                    .header("Authorization", "Bearer " + token)
                    .POST(BodyPublishers.ofByteArray(blob)))
            .statusCode();

    assertThat(status).isEqualTo(201);
    assertThat(audit.list).hasSize(1);
    assertThat(fields(audit.list.getFirst()))
        .containsEntry("kind", "ServiceAccount")
        .containsEntry("name", "ci/builder")
        .containsEntry("issuer", cluster.url())
        .containsEntry("action", "push")
        .containsEntry("result", "allowed")
        .containsEntry("policy", "AccessPolicy team-a/ci");
    assertThat(audit.list.getFirst().getMDCPropertyMap()).containsKey("requestId");
  }

  private static Map<String, String> fields(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
  }

  private static String digest(byte[] content) throws Exception {
    return "sha256:"
        + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static String password(long generation) {
    return COPY.password(TestRegistry.PULL_SECRET_KEY, "uid-p", generation);
  }

  private String token(String name, String password) throws Exception {
    HttpResponse<String> answer = login(name, password);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body()).path("token").textValue();
  }

  private HttpResponse<String> login(String name, String password) throws Exception {
    return TestRegistry.send(
        client,
        registry
            .data("/token?scope=" + SCOPE)
            .header("Authorization", TestRegistry.basic(name, password)));
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    return TestRegistry.send(
        client, registry.data(path).header("Authorization", "Bearer " + token));
  }

  private int send(String method, String path, String token, byte[] body) throws Exception {
    return TestRegistry.send(
            client,
            registry
                .data(path)
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofByteArray(body)))
        .statusCode();
  }

  private int post(String path, String token) throws Exception {
    return TestRegistry.send(
            client,
            registry
                .data(path)
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()))
        .statusCode();
  }
}
