package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search, with the requests that docker and podman send, finds what its caller may pull. */
final class SearchIT {
  private static final String ALICE = TestRegistry.basic("alice", TestRegistry.PASSWORD);

  /** Of a docker that is not logged in. */
  private static final String NOBODY = TestRegistry.basic("", "");

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void startWithRepositoriesOfOthers() throws Exception {
    registry = TestRegistry.start(folder, Policies.aliceMay(1, "**", Action.PUSH));
    client = registry.client();
    for (String name :
        List.of(
            "app", "public/app", "secret/app", "team-a/app", "team-a/app-two", "team-a/a_p", "x")) {
      push(name);
    }
    registry.deliver(client, Policies.aliceMay(2, "team-a/**", Action.PULL));
  }

  @AfterAll
  static void stop() {
    client.close();
    registry.close();
  }

  @Test
  void whoIsLoggedInFindsWhatItMayPull() throws Exception {
    HttpResponse<String> answer = search("?q=app&n=25", ALICE);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .startsWith("{\"query\":\"app\",\"num_results\":3,\"results\":[{\"name\":\"public/app\",")
        .contains("\"description\":\"\",\"star_count\":0,\"is_official\":false")
        .contains("\"is_automated\":false,\"is_trusted\":false");
    assertThat(names(answer)).containsExactly("public/app", "team-a/app", "team-a/app-two");
  }

  @Test
  void aTokenIsTakenAsWell() throws Exception {
    String token =
        new ObjectMapper()
            .readTree(
                TestRegistry.send(
                        client,
                        registry
                            .data("/token?scope=registry:catalog:*")
                            .header("Authorization", ALICE))
                    .body())
            .get("token")
            .asText();

    assertThat(names(search("?q=two", "Bearer " + token))).containsExactly("team-a/app-two");
  }

  @Test
  void aDockerThatIsNotLoggedInFindsWhatIsPublic() throws Exception {
    HttpRequest.Builder overTls =
        registry
            .data("/v1/search?q=app&n=25")
            .header("X-Docker-Token", "true")
            .header("Authorization", NOBODY);
    HttpRequest.Builder overPlainHttp =
        registry.data("/v1/search?q=app&n=25").header("X-Docker-Token", "true");

    assertThat(names(TestRegistry.send(client, overTls))).containsExactly("public/app");
    assertThat(names(TestRegistry.send(client, overPlainHttp))).containsExactly("public/app");
  }

  @Test
  void aClientThatSendsNoCredentialsIsToldWhichOnesTo() throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, registry.data("/v1/search?q=app&n=25"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer ")
        .endsWith("scope=\"registry:catalog:*\"");
    assertThat(answer.body()).doesNotContain("public/app");
  }

  @Test
  void wrongCredentialsAreNotTakenForNone() throws Exception {
    String wrong = TestRegistry.basic("alice", "wrong");

    assertThat(search("?q=app", wrong).statusCode()).isEqualTo(401);
    assertThat(search("?q=app", NOBODY).statusCode()).isEqualTo(401);
    assertThat(
            TestRegistry.send(
                    client,
                    registry
                        .data("/v1/search?q=app")
                        .header("X-Docker-Token", "true")
                        .header("Authorization", wrong))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void theNameThatWasLookedForComesFirstAlsoWhereOthersFillTheAnswer() throws Exception {
    assertThat(names(search("?q=team-a/app&n=1", ALICE))).containsExactly("team-a/app");
    assertThat(names(search("?q=team-a/app-two&n=1", ALICE))).containsExactly("team-a/app-two");
    assertThat(names(search("?q=app&n=1", ALICE))).containsExactly("public/app");
  }

  @Test
  void aSearchMayAskForFewForAllAndInCapitals() throws Exception {
    assertThat(names(search("?q=app&n=2", ALICE))).containsExactly("public/app", "team-a/app");
    assertThat(names(search("?q=APP&n=99999999999", ALICE))).hasSize(3);
    assertThat(names(search("?q=app&n=0", ALICE))).isEmpty();
    assertThat(names(search("", ALICE))).hasSize(4);
    assertThat(search("?q=app&n=-1", ALICE).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "x",
        "%25",
        "a%25p",
        "ap%00",
        "%00",
        "!",
        "'",
        "%27+or+1=1+--",
        "é",
        "*"
      })
  void whatIsHiddenOrNoPartOfANameFindsNothing(String text) throws Exception {
    HttpResponse<String> answer = search("?q=" + text, ALICE);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(names(answer)).isEmpty();
  }

  @Test
  void anUnderscoreIsItself() throws Exception {
    assertThat(names(search("?q=a_p", ALICE))).containsExactly("team-a/a_p");
  }

  @Test
  void aTextLongerThanAnyNameFindsNothing() throws Exception {
    assertThat(names(search("?q=" + "a".repeat(8000), ALICE))).isEmpty();
  }

  @Test
  void dockerLearnsWithoutCredentialsThatItMaySendThem() throws Exception {
    HttpResponse<String> answer = TestRegistry.send(client, registry.data("/v1/_ping"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Docker-Registry-Standalone")).contains("true");
    assertThat(answer.body()).isEqualTo("{\"standalone\":true}");
  }

  private static HttpResponse<String> search(String query, String authorization) throws Exception {
    return TestRegistry.send(
        client, registry.data("/v1/search" + query).header("Authorization", authorization));
  }

  private static List<String> names(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode found = new ObjectMapper().readTree(answer.body());
    assertThat(found.get("num_results").asInt()).isEqualTo(found.get("results").size());
    return found.get("results").findValuesAsText("name");
  }

  private static void push(String repository) throws Exception {
    String digest = Digest.of(DigestAlgorithm.SHA256, "x".getBytes(UTF_8)).toString();
    HttpRequest.Builder request =
        registry
            .data("/v2/" + repository + "/blobs/uploads/?digest=" + digest)
            .header("Authorization", ALICE)
            .POST(BodyPublishers.ofString("x"));
    assertThat(TestRegistry.send(client, request).statusCode()).isEqualTo(201);
  }
}
