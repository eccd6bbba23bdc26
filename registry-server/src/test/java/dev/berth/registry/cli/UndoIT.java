package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.MediaTypes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a deletion took comes back through the management port. */
final class UndoIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST =
      "{\"schemaVersion\":2,\"manifests\":[],\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\"}";
  private static final String SECOND = FIRST.replace(",\"mediaType", ", \"mediaType");

  @TempDir Path folder;

  private TestRegistry registry;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    registry =
        TestRegistry.start(
            folder, Policies.aliceMay(1, "a/**", Action.PULL, Action.PUSH, Action.DELETE));
    client = registry.client();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void aDeletedTagIsListedAndComesBack() throws Exception {
    push("v1", FIRST);
    assertThat(asAlice("DELETE", "/v2/a/app/manifests/v1", "").statusCode()).isEqualTo(202);

    JsonNode listed = json(management("GET", "/v1/removed?repository=a/app", ""));
    HttpResponse<String> restored = restore("{\"repository\":\"a/app\",\"reference\":\"v1\"}");

    assertThat(listed.path("removed").findValuesAsText("kind")).contains("Tag");
    assertThat(listed.path("removed").findValuesAsText("digest")).contains(digest(FIRST));
    assertThat(restored.statusCode()).isEqualTo(200);
    assertThat(restored.body()).contains("v1");
    assertThat(asAlice("GET", "/v2/a/app/manifests/v1", "").body()).isEqualTo(FIRST);
  }

  @Test
  void aTagThatNamesSomethingElseByNowIsNotMoved() throws Exception {
    push("v1", FIRST);
    asAlice("DELETE", "/v2/a/app/manifests/v1", "");
    push("v1", SECOND);

    HttpResponse<String> refused = restore("{\"repository\":\"a/app\",\"reference\":\"v1\"}");
    HttpResponse<String> byDigest =
        restore("{\"repository\":\"a/app\",\"reference\":\"" + digest(FIRST) + "\"}");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains(digest(SECOND), "restore by digest");
    assertThat(byDigest.statusCode()).isIn(200, 404);
    assertThat(asAlice("GET", "/v2/a/app/manifests/v1", "").body()).isEqualTo(SECOND);
  }

  @Test
  void aDeletedRepositoryComesBackWhole() throws Exception {
    push("v1", FIRST);
    push("v2", SECOND);
    assertThat(management("POST", "/v1/repositories/delete", "{\"path\":\"a/app\"}").body())
        .contains("\"repositories\":1");
    assertThat(asAlice("GET", "/v2/a/app/manifests/v1", "").statusCode()).isEqualTo(404);

    HttpResponse<String> restored = restore("{\"repository\":\"a/app\"}");

    assertThat(restored.statusCode()).isEqualTo(200);
    assertThat(asAlice("GET", "/v2/a/app/manifests/v1", "").body()).isEqualTo(FIRST);
    assertThat(asAlice("GET", "/v2/a/app/manifests/v2", "").body()).isEqualTo(SECOND);
  }

  @Test
  void whatWasDeletedBeforeItsRepositoryDoesNotComeBackWithIt() throws Exception {
    push("v1", FIRST);
    push("v2", FIRST);
    assertThat(asAlice("DELETE", "/v2/a/app/manifests/v1", "").statusCode()).isEqualTo(202);
    deleteRepository();

    assertThat(restore("{\"repository\":\"a/app\"}").body())
        .isEqualTo("{\"restored\":[\"" + digest(FIRST) + "\",\"v2\"]}");

    assertThat(asAlice("GET", "/v2/a/app/manifests/v2", "").body()).isEqualTo(FIRST);
    assertThat(asAlice("GET", "/v2/a/app/manifests/v1", "").statusCode()).isEqualTo(404);
  }

  @Test
  void ofTwoDeletionsOfARepositoryTheLastIsTakenBack() throws Exception {
    push("v1", FIRST);
    deleteRepository();
    push("v2", SECOND);
    deleteRepository();

    assertThat(restore("{\"repository\":\"a/app\"}").statusCode()).isEqualTo(200);

    assertThat(asAlice("GET", "/v2/a/app/manifests/v2", "").body()).isEqualTo(SECOND);
    assertThat(asAlice("GET", "/v2/a/app/manifests/v1", "").statusCode()).isEqualTo(404);
    assertThat(restore("{\"repository\":\"a/app\",\"reference\":\"v1\"}").statusCode())
        .isEqualTo(200);
  }

  private void deleteRepository() throws Exception {
    assertThat(management("POST", "/v1/repositories/delete", "{\"path\":\"a/app\"}").body())
        .contains("\"repositories\":1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                            | 400 | say which repository",
        "{\"repository\":null}                         | 400 | say which repository",
        "{\"repository\":\"../a\",\"reference\":\"v1\"}  | 400 | ",
        "{\"repository\":\"a/app\",\"reference\":\"-\"}  | 400 | ",
        "{\"repository\":\"a/app\",\"reference\":\"v9\"} | 404 | nothing of that name was removed",
        "not json                                      | 400 | ",
      })
  void whatCannotComeBackIsSaid(String body, int status, String message) throws Exception {
    HttpResponse<String> answer = restore(body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(message == null ? "" : message).doesNotContain("Exception");
  }

  @Test
  void nobodyRestoresWithoutTheManagementToken() throws Exception {
    HttpResponse<String> answer =
        TestRegistry.send(client, registry.management("/v1/removed").GET());

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  private void push(String tag, String manifest) throws Exception {
    assertThat(asAlice("PUT", "/v2/a/app/manifests/" + tag, manifest).statusCode()).isEqualTo(201);
  }

  private HttpResponse<String> asAlice(String method, String path, String body) throws Exception {
    return send(
        registry
            .data(path)
            .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD))
            .header("Content-Type", MediaTypes.OCI_INDEX)
            .header("Accept", MediaTypes.OCI_INDEX),
        method,
        body);
  }

  private HttpResponse<String> restore(String body) throws Exception {
    return management("POST", "/v1/removed/restore", body);
  }

  private HttpResponse<String> management(String method, String path, String body)
      throws Exception {
    return send(
        registry
            .management(path)
            .header("Authorization", "Bearer " + TestRegistry.MANAGEMENT_TOKEN)
            .header("Content-Type", "application/json"),
        method,
        body);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String method, String body)
      throws Exception {
    return TestRegistry.send(
        client,
        request.method(
            method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  private static String digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(UTF_8)).toString();
  }
}
