package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.policy.Action;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog shows a caller what the policy in force lets it pull from, and nothing else. */
final class CatalogIT {
  private static final String ALICE = TestRegistry.basic("alice", TestRegistry.PASSWORD);

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void startWithRepositoriesOfOthers() throws Exception {
    registry = TestRegistry.start(folder, Policies.aliceMay(1, "**", Action.PUSH));
    client = registry.client();
    for (String name :
        new String[] {"team-a/web", "public/base", "team-a/app", "secret/app", "team-a", "zzz"}) {
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
  void aCallerSeesWhatItMayPullFrom() throws Exception {
    HttpResponse<String> answer = catalog("", ALICE);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .isEqualTo("{\"repositories\":[\"public/base\",\"team-a/app\",\"team-a/web\"]}");
    assertThat(answer.headers().firstValue("Link")).isEmpty();
  }

  @Test
  void aCallerWithoutCredentialsSeesWhatIsPublic() throws Exception {
    HttpResponse<String> challenged = TestRegistry.send(client, registry.data("/v2/_catalog"));
    assertThat(challenged.statusCode()).isEqualTo(401);
    assertThat(challenged.headers().firstValue("WWW-Authenticate").orElseThrow())
        .endsWith("scope=\"registry:catalog:*\"");

    String token = token(registry.data("/token?scope=registry:catalog:*"));

    assertThat(catalog("", "Bearer " + token).body())
        .isEqualTo("{\"repositories\":[\"public/base\"]}");
  }

  @Test
  void aTokenForSomethingElseIsToBeExchanged() throws Exception {
    String narrow =
        token(
            registry
                .data("/token?scope=repository:team-a/app:pull")
                .header("Authorization", ALICE));

    HttpResponse<String> answer = catalog("", "Bearer " + narrow);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("scope=\"registry:catalog:*\"", "error=\"insufficient_scope\"");
  }

  @Test
  void pagesFollowOneAnother() throws Exception {
    HttpResponse<String> first = catalog("?n=2", ALICE);
    assertThat(first.body()).isEqualTo("{\"repositories\":[\"public/base\",\"team-a/app\"]}");
    assertThat(first.headers().firstValue("Link"))
        .contains("</v2/_catalog?n=2&last=team-a%2Fapp>; rel=\"next\"");

    HttpResponse<String> second = catalog("?n=2&last=team-a%2Fapp", ALICE);

    assertThat(second.body()).isEqualTo("{\"repositories\":[\"team-a/web\"]}");
    assertThat(second.headers().firstValue("Link")).isEmpty();
  }

  @Test
  void noEntriesAndAllEntriesMayBeAskedForAndNonsenseMayNot() throws Exception {
    assertThat(catalog("?n=0", ALICE).body()).isEqualTo("{\"repositories\":[]}");
    assertThat(catalog("?n=99999999999", ALICE).body()).contains("team-a/web");
    assertThat(catalog("?last=zz", ALICE).body()).isEqualTo("{\"repositories\":[]}");
    assertThat(catalog("?n=-1", ALICE).statusCode()).isEqualTo(400);
  }

  private static HttpResponse<String> catalog(String query, String authorization)
      throws IOException, InterruptedException {
    return TestRegistry.send(
        client, registry.data("/v2/_catalog" + query).header("Authorization", authorization));
  }

  private static String token(HttpRequest.Builder request) throws Exception {
    return new ObjectMapper()
        .readTree(TestRegistry.send(client, request).body())
        .get("token")
        .asText();
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
