package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A caller can ask what it may do, and is told nothing about what exists. */
final class AccessIT {
  private static final String ALICE = TestRegistry.basic("alice", TestRegistry.PASSWORD);

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    registry =
        TestRegistry.start(folder, Policies.aliceMay(1, "team-a/**", Action.PULL, Action.PUSH));
    client = registry.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    registry.close();
  }

  @Test
  void everyActionIsToldWithWhatGrantsIt() throws Exception {
    JsonNode answer = json(ask("?repository=team-a/app", ALICE));

    assertThat(answer.path("caller").textValue()).isEqualTo("alice");
    assertThat(answer.path("repository").textValue()).isEqualTo("team-a/app");
    assertThat(answer.path("policyRevision").textValue()).isNotEmpty();
    assertThat(answer.path("rights").toString())
        .contains(
            "{\"action\":\"pull\",\"allowed\":true,\"grantedBy\":\"AccessPolicy team-a/alice\"}",
            "{\"action\":\"push\",\"allowed\":true,\"grantedBy\":\"AccessPolicy team-a/alice\"}",
            "{\"action\":\"delete\",\"allowed\":false,\"refusal\":\"alice may not delete in team-a/app");
  }

  @Test
  void oneActionIsToldAlone() throws Exception {
    JsonNode answer = json(ask("?repository=public/base&action=pull", ALICE));

    assertThat(answer.path("rights")).hasSize(1);
    assertThat(answer.path("rights").path(0).path("grantedBy").textValue())
        .isEqualTo("public Repository public/all");
  }

  @Test
  void aChangeOfThePolicyIsToldAtOnce() throws Exception {
    registry.deliver(
        client, Policies.aliceMay(2, "team-a/**", Action.PULL, Action.PUSH, Action.DELETE));

    assertThat(mayDelete()).isTrue();

    registry.deliver(client, Policies.aliceMay(3, "team-a/**", Action.PULL, Action.PUSH));

    assertThat(mayDelete()).isFalse();
  }

  private static boolean mayDelete() throws Exception {
    return json(ask("?repository=team-a/app&action=delete", ALICE))
        .path("rights")
        .path(0)
        .path("allowed")
        .booleanValue();
  }

  @Test
  void aCallerWithoutCredentialsNeedsATokenAsEverywhere() throws Exception {
    HttpResponse<String> challenged =
        TestRegistry.send(client, registry.data("/v2/_berth/access?repository=public/base"));
    assertThat(challenged.statusCode()).isEqualTo(401);

    String token =
        new ObjectMapper()
            .readTree(TestRegistry.send(client, registry.data("/token")).body())
            .path("token")
            .textValue();

    JsonNode answer = json(ask("?repository=public/base&action=push", "Bearer " + token));
    assertThat(answer.path("caller").textValue()).isEmpty();
    assertThat(answer.path("rights").path(0).path("refusal").textValue())
        .startsWith("callers without credentials may not push to public/base");
  }

  @Test
  void whatIsAskedWronglyIsExplained() throws Exception {
    assertThat(ask("?repository=team-a/app&action=fly", ALICE))
        .satisfies(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(400);
              assertThat(answer.body()).contains("action is one of pull, push, delete");
            });
    assertThat(ask("", ALICE).body()).contains("NAME_INVALID");
    assertThat(ask("?repository=../etc", ALICE).body()).contains("NAME_INVALID");
  }

  private static HttpResponse<String> ask(String query, String authorization) throws Exception {
    return TestRegistry.send(
        client, registry.data("/v2/_berth/access" + query).header("Authorization", authorization));
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }
}
