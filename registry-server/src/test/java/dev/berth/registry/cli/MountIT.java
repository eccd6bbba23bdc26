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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount reads from another repository: the policy must allow it, and so must the token. */
final class MountIT {
  private static final String SHARED = "a layer that team-a/base and secret/app hold";
  private static final String SECRET = "a layer that secret/app alone holds";

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void startWithASecret() throws Exception {
    registry = TestRegistry.start(folder, Policies.aliceMay(1, "**", Action.PULL, Action.PUSH));
    client = registry.client();
    push("team-a/base", SHARED);
    push("secret/app", SHARED);
    push("secret/app", SECRET);
    registry.deliver(client, Policies.aliceMay(2, "team-a/**", Action.PULL, Action.PUSH));
  }

  @AfterAll
  static void stop() {
    client.close();
    registry.close();
  }

  @Test
  void aTokenForBothRepositoriesMounts() throws Exception {
    String token = token("repository:team-a/one:pull,push repository:team-a/base:pull");

    HttpResponse<String> mounted = mount("team-a/one", SHARED, "&from=team-a/base", token);

    assertThat(mounted.statusCode()).isEqualTo(201);
    assertThat(mounted.headers().firstValue("Location"))
        .contains("/v2/team-a/one/blobs/" + digest(SHARED));
    assertThat(pull("team-a/one", SHARED, token).body()).isEqualTo(SHARED);
  }

  @Test
  void aTokenForTheTargetAloneIsToBeExchangedForOneForBoth() throws Exception {
    String narrow = token("repository:team-a/two:pull,push");

    HttpResponse<String> challenged = mount("team-a/two", SHARED, "&from=team-a/base", narrow);

    assertThat(challenged.statusCode()).isEqualTo(401);
    assertThat(scope(challenged))
        .isEqualTo("repository:team-a/two:pull,push repository:team-a/base:pull");
    String wide = token(scope(challenged));
    assertThat(mount("team-a/two", SHARED, "&from=team-a/base", wide).statusCode()).isEqualTo(201);
  }

  @Test
  void withoutASourceTheBlobIsFoundWhereTheCallerMayPull() throws Exception {
    HttpResponse<String> challenged =
        mount("team-a/three", SHARED, "", token("repository:team-a/three:pull,push"));
    assertThat(challenged.statusCode()).isEqualTo(401);
    assertThat(scope(challenged)).doesNotContain("secret");

    HttpResponse<String> mounted = mount("team-a/three", SHARED, "", token(scope(challenged)));

    assertThat(mounted.statusCode()).isEqualTo(201);
    assertThat(mount("team-a/basic", SHARED, "", null).statusCode()).isEqualTo(201);
  }

  @Test
  void whatTheCallerMayNotPullIsNotMountedAndNotChallengedFor() throws Exception {
    String token = token("repository:team-a/four:pull,push repository:secret/app:pull");

    for (String from : new String[] {"&from=secret/app", ""}) {
      HttpResponse<String> answer = mount("team-a/four", SECRET, from, token);

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(pull("team-a/four", SECRET, token).statusCode()).isEqualTo(404);
  }

  @Test
  void whatNobodyHoldsBecomesAnUpload() throws Exception {
    String content = "nobody has pushed this";

    HttpResponse<String> started = mount("team-a/five", content, "", null);

    assertThat(started.statusCode()).isEqualTo(202);
    String location = started.headers().firstValue("Location").orElseThrow();
    assertThat(
            send(
                    registry
                        .data(location + "?digest=" + digest(content))
                        .PUT(BodyPublishers.ofString(content)),
                    null)
                .statusCode())
        .isEqualTo(201);
  }

  private static HttpResponse<String> mount(
      String target, String content, String from, @Nullable String token) throws Exception {
    return send(
        registry
            .data("/v2/" + target + "/blobs/uploads/?mount=" + digest(content) + from)
            .POST(BodyPublishers.noBody()),
        token);
  }

  private static HttpResponse<String> pull(String repository, String content, String token)
      throws Exception {
    return send(registry.data("/v2/" + repository + "/blobs/" + digest(content)), token);
  }

  private static void push(String repository, String content) throws Exception {
    HttpRequest.Builder request =
        registry
            .data("/v2/" + repository + "/blobs/uploads/?digest=" + digest(content))
            .POST(BodyPublishers.ofString(content));
    assertThat(send(request, null).statusCode()).isEqualTo(201);
  }

  /** Sends alice's password where there is no token. */
  private static HttpResponse<String> send(HttpRequest.Builder request, @Nullable String token)
      throws IOException, InterruptedException {
    return TestRegistry.send(
        client,
        request.header(
            "Authorization",
            token == null
                ? TestRegistry.basic("alice", TestRegistry.PASSWORD)
                : "Bearer " + token));
  }

  private static String token(String scope) throws Exception {
    HttpResponse<String> answer =
        send(registry.data("/token?scope=" + scope.replace(" ", "%20")), null);
    return new ObjectMapper().readTree(answer.body()).get("token").asText();
  }

  private static String scope(HttpResponse<String> challenged) {
    Matcher scope =
        Pattern.compile("scope=\"([^\"]+)\"")
            .matcher(challenged.headers().firstValue("WWW-Authenticate").orElseThrow());
    assertThat(scope.find()).isTrue();
    return scope.group(1);
  }

  private static String digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(UTF_8)).toString();
  }
}
