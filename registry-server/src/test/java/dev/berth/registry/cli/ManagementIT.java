package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.policy.Action;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.PolicyInForce;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManagementIT {
  private static final PolicyDocument FIRST = Policies.aliceMay(5, "a/**", Action.PULL);

  @TempDir Path folder;

  private TestRegistry registry;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    registry = TestRegistry.start(folder, FIRST);
    client = registry.client();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/policy",
        "/v1/policy/confirm",
        "/v1/usage",
        "/v1/declared",
        "/v1/certificate",
        "/v1",
        "/v1/",
        "/v1/search/../policy",
        "/v1/search/policy",
        "/v1/_ping/../usage",
        "/v1/search%2f..%2fusage",
        "/v1//usage",
        "/health",
        "/health/liveness",
        "/health/readiness",
        "/metrics",
        "/prometheus",
        "/v2/../metrics",
        "/v2/..%2fmetrics",
        "//metrics",
        "/v2//metrics",
        "/env",
        "/beans",
        "/routes",
        "/loggers",
        "/info",
        "/",
        "/v22",
        "/%6detrics",
        "/v2/%2e%2e/metrics",
      })
  void nothingOfManagementIsOnTheDataPort(String path) throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, authorized(registry.data(path)));

    assertThat(answer.statusCode()).isIn(400, 401, 404);
    assertThat(answer.body()).doesNotContain("jvm_", "\"status\"", "revision");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/",
        "/v2",
        "/token",
        "/v2/_probe",
        "/v1/../token",
        "/v1/search?q=a",
        "/v1/_ping",
        "/v1/policy/../search",
        "/env",
        "/beans",
        "/stop",
        "/"
      })
  void nothingOfTheRegistryIsOnTheManagementPort(String path) throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, authorized(registry.management(path)));

    assertThat(answer.statusCode()).isEqualTo(404);
  }

  @Test
  void healthAndMetricsNeedNoToken() throws Exception {
    HttpResponse<String> live = TestRegistry.send(client, registry.management("/health/liveness"));
    HttpResponse<String> ready =
        TestRegistry.send(client, registry.management("/health/readiness"));
    TestRegistry.send(client, registry.data("/v2/_probe"));
    HttpResponse<String> metrics = TestRegistry.send(client, registry.management("/metrics"));

    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body())
        .contains(
            "berth_http_requests_seconds_count{method=\"GET\",route=\"other\",status=\"4xx\"}",
            "berth_policy_age_seconds",
            "berth_network_bytes_total{direction=\"in\"}",
            "jvm_memory_used_bytes",
            "process_uptime_seconds");
  }

  @Test
  void theServerIsNotReadyWhileItsStorageCannotBeWritten() throws Exception {
    Path data = folder.resolve("data");
    Path away = folder.resolve("away");
    Files.move(data, away);

    HttpResponse<String> answer =
        TestRegistry.send(client, registry.management("/health/readiness"));
    Files.move(away, data);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(TestRegistry.send(client, registry.management("/health/liveness")).statusCode())
        .isEqualTo(200);
    assertThat(TestRegistry.send(client, registry.management("/health/readiness")).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer wrong",
        "Bearer ",
        "management-secret",
        "Basic bWFuYWdlbWVudC1zZWNyZXQ="
      })
  void withoutTheTokenNothingIsToldOrTaken(String authorization) throws Exception {
    HttpRequest.Builder get = registry.management("/v1/policy");
    HttpRequest.Builder put = put(PolicyDocumentFormat.gzip(Policies.aliceMay(9, "b/**")));
    put.setHeader("Authorization", authorization);
    if (!authorization.isEmpty()) {
      get.header("Authorization", authorization);
    }

    assertThat(TestRegistry.send(client, get).statusCode()).isEqualTo(401);
    assertThat(TestRegistry.send(client, put).statusCode()).isEqualTo(401);
    assertThat(revision()).isEqualTo(FIRST.revision());
  }

  @Test
  void aChangedTokenFileChangesTheToken() throws Exception {
    Files.writeString(folder.resolve("management.token"), "another");

    awaitToken("another");
    assertThat(
            TestRegistry.send(client, authorized(registry.management("/v1/policy"))).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aNewerPolicyIsInForceAtOnceAndAnOlderOneNever() throws Exception {
    PolicyDocument newer = Policies.aliceMay(6, "b/**", Action.PULL);

    HttpResponse<String> answer = TestRegistry.send(client, put(PolicyDocumentFormat.gzip(newer)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"revision\":\"" + newer.revision() + "\"}");
    assertThat(probe("b/x")).isEqualTo(200);
    assertThat(probe("a/x")).isEqualTo(403);
    HttpResponse<String> older = TestRegistry.send(client, put(PolicyDocumentFormat.gzip(FIRST)));
    assertThat(older.body()).contains(newer.revision());
    assertThat(revision()).isEqualTo(newer.revision());
  }

  @Test
  void aChangedPolicyFileIsTakenAndAnOlderOneIsNot() throws Exception {
    Path file = folder.resolve("policy.json.gz");
    PolicyDocument newer = Policies.aliceMay(7, "c/**", Action.PULL);

    Files.write(file, PolicyDocumentFormat.gzip(newer));
    await().untilAsserted(() -> assertThat(revision()).isEqualTo(newer.revision()));
    Files.write(file, PolicyDocumentFormat.gzip(FIRST));
    awaitALookAtEveryFile();

    assertThat(revision()).isEqualTo(newer.revision());
  }

  @Test
  void anUnreadablePolicyFileLeavesThePolicyAsItIs() throws Exception {
    Files.writeString(folder.resolve("policy.json.gz"), "{");
    awaitALookAtEveryFile();

    assertThat(revision()).isEqualTo(FIRST.revision());
    assertThat(probe("a/x")).isEqualTo(200);
  }

  /** The token is written last and in use: all that was written before was looked at. */
  private void awaitALookAtEveryFile() throws IOException {
    Files.writeString(folder.resolve("management.token"), "another");
    awaitToken("another");
    Files.writeString(folder.resolve("management.token"), TestRegistry.MANAGEMENT_TOKEN);
    awaitToken(TestRegistry.MANAGEMENT_TOKEN);
  }

  private void awaitToken(String token) {
    await()
        .until(
            () ->
                TestRegistry.send(
                            client,
                            registry
                                .management("/v1/policy")
                                .header("Authorization", "Bearer " + token))
                        .statusCode()
                    == 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "null", "[]", "\"x\"", "{}", "{\"revision\":\"r\",\"sequence\":99}"})
  void whatIsNoPolicyDocumentIsRefusedAndTheOldOneStays(String body) throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, put(body.getBytes(UTF_8)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("message");
    assertThat(revision()).isEqualTo(FIRST.revision());
  }

  @Test
  void aBodyThatUnpacksWithoutEndIsRefused() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      byte[] blanks = " ".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 100; i++) {
        gzip.write(blanks);
      }
    }

    HttpResponse<String> answer = TestRegistry.send(client, put(bomb.toByteArray()));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Document length", "exceeds the maximum allowed");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, put(new byte[(8 << 20) + 1]));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void usageHasTheFieldsThatTheOperatorReads() throws Exception {
    HttpResponse<String> answer =
        TestRegistry.send(client, authorized(registry.management("/v1/usage")));

    assertThat(answer.body())
        .matches(
            "\\{\"repositories\":0,\"tags\":0,\"manifests\":0,\"physicalBytes\":0,\"logicalBytes\":0,"
                + "\"availableBytes\":[1-9]\\d*,\"capacityBytes\":[1-9]\\d*}");
  }

  @Test
  void aConfirmationCountsForTheDocumentInForceAlone() throws Exception {
    // Given
    PolicyDocument asks =
        PolicyDocumentFormat.document(
            FIRST
                .content()
                .withSpace(
                    SpaceRules.NONE.withRunning(
                        Collections.emptySortedSet(), Duration.ofMinutes(5))),
            6);
    TestRegistry.send(client, put(PolicyDocumentFormat.gzip(asks)));
    PolicyInForce policy = registry.server().context().getBean(PolicyInForce.class);

    // When, Then
    for (String body : List.of("{}", "{\"revision\":\"" + FIRST.revision() + "\"}")) {
      assertThat(confirm(body)).isEqualTo("{\"revision\":\"" + asks.revision() + "\"}");
      assertThat(policy.knowsWhatRuns()).as(body).isFalse();
    }
    assertThat(confirm("{\"revision\":\"" + asks.revision() + "\"}")).contains(asks.revision());
    assertThat(policy.knowsWhatRuns()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "\"x\"",
        "{\"revision\":{},\"repository\":{},\"path\":{}}",
        "{\"revision\":[\"a\",\"b\"],\"repository\":[\"a\",\"b\"],\"path\":[\"a\",\"b\"]}"
      })
  void whatIsNoRequestIsRefused(String body) throws Exception {
    for (String path : List.of("policy/confirm", "removed/restore", "repositories/delete")) {
      HttpResponse<String> answer = post("/v1/" + path, body);

      assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(400);
      assertThat(answer.body()).as(path).doesNotContain("Exception");
    }
  }

  private String confirm(String body) throws Exception {
    return post("/v1/policy/confirm", body).body();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return TestRegistry.send(
        client,
        authorized(registry.management(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder put(byte[] body) {
    return authorized(registry.management("/v1/policy"))
        .header("Content-Type", "application/json")
        .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private String revision() throws Exception {
    String body = TestRegistry.send(client, authorized(registry.management("/v1/policy"))).body();
    return body.replaceAll("\\{\"revision\":\"(.*)\"}", "$1");
  }

  private int probe(String name) throws Exception {
    return TestRegistry.send(
            client,
            registry
                .data("/v2/_probe/repository?action=pull&name=" + name)
                .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD)))
        .statusCode();
  }

  private static HttpRequest.Builder authorized(HttpRequest.Builder request) {
    return request.header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN);
  }
}
