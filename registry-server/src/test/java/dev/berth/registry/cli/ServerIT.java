package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Login as docker's clients do it. */
final class ServerIT {
  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    registry =
        TestRegistry.start(folder, Policies.aliceMay(1, "team-a/**", Action.PULL, Action.PUSH));
    client = registry.client();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void challengesWhoeverSendsNothing() throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, registry.data("/v2/_probe"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .contains(
            "Bearer realm=\"https://127.0.0.1:%1$d/token\",service=\"localhost:%1$d\""
                .formatted(registry.port));
  }

  @Test
  void namesTheScopeThatAPushNeeds() throws Exception {
    HttpResponse<String> answer =
        TestRegistry.send(
            client, registry.data("/v2/_probe/repository?name=team-a/app&action=push"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .endsWith(",scope=\"repository:team-a/app:pull,push\"");
  }

  @Test
  void aTokenForPasswordOpensWhatThePolicyGrants() throws Exception {
    String token = token(get("repository:team-a/app:pull,push"));

    assertThat(probe("team-a/app", "push", "Bearer " + token).statusCode()).isEqualTo(200);
  }

  @Test
  void anOauthPasswordGrantGivesAToken() throws Exception {
    String form =
        "grant_type=password&service=x&client_id=c&username=alice&password="
            + URLEncoder.encode(TestRegistry.PASSWORD, StandardCharsets.UTF_8)
            + "&scope=repository%3Ateam-a%2Fapp%3Apull";

    String token =
        token(
            registry
                .data("/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));

    assertThat(probe("team-a/app", "pull", "Bearer " + token).statusCode()).isEqualTo(200);
  }

  @Test
  void basicCredentialsWorkWithoutAToken() throws Exception {
    HttpResponse<String> answer =
        probe("team-a/app", "pull", TestRegistry.basic("alice", TestRegistry.PASSWORD));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("alice");
  }

  @Test
  void aWrongPasswordIsRefusedByTheTokenEndpoint() throws Exception {
    HttpResponse<String> answer =
        TestRegistry.send(
            client,
            registry.data("/token").header("Authorization", TestRegistry.basic("alice", "wrong")));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("UNAUTHORIZED", "password is wrong");
  }

  @Test
  void anAnonymousTokenPullsFromAPublicRepository() throws Exception {
    String token = token(registry.data("/token?scope=repository:public/app:pull"));

    assertThat(probe("public/app", "pull", "Bearer " + token).statusCode()).isEqualTo(200);
    assertThat(probe("team-a/app", "pull", "Bearer " + token).statusCode()).isEqualTo(403);
  }

  @Test
  void whatThePolicyDoesNotGrantIsDeniedAndSaysWhatIsLacking() throws Exception {
    String token = token(get("repository:team-b/app:pull"));

    HttpResponse<String> answer = probe("team-b/app", "pull", "Bearer " + token);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .contains("DENIED", "alice may not pull from team-b/app", "AccessPolicy");
  }

  @Test
  void aTokenForAnotherRepositoryIsAskedToBeExchanged() throws Exception {
    String token = token(get("repository:team-a/app:pull"));

    HttpResponse<String> answer = probe("team-a/other", "pull", "Bearer " + token);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("scope=\"repository:team-a/other:pull\"", "error=\"insufficient_scope\"");
  }

  private static HttpRequest.Builder get(String scope) {
    return registry
        .data("/token?service=x&account=alice&scope=" + scope)
        .header("Authorization", TestRegistry.basic("alice", TestRegistry.PASSWORD));
  }

  private static String token(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode json = new ObjectMapper().readTree(answer.body());
    assertThat(json.get("access_token")).isEqualTo(json.get("token"));
    assertThat(json.get("expires_in").asInt()).isEqualTo(300);
    return json.get("token").asText();
  }

  private static HttpResponse<String> probe(String name, String action, String authorization)
      throws Exception {
    return TestRegistry.send(
        client,
        registry
            .data("/v2/_probe/repository?name=" + name + "&action=" + action)
            .header("Authorization", authorization));
  }
}
