package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A caller that asks too often is told so, and nobody else is. */
final class RequestRateIT {
  private static final int BURST = 20;

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    registry = TestRegistry.prepare(folder, Policies.aliceMay(1, "**", Action.PULL));
    Files.writeString(
        folder.resolve("registry.yaml"),
        "limits: {requests: {perSecond: 1, burst: " + BURST + "}}\n",
        StandardOpenOption.APPEND);
    registry.start();
    client = registry.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    registry.close();
  }

  @Test
  void whoAsksTooOftenIsToldToWaitAndOthersAreAnswered() throws Exception {
    HttpResponse<String> refused = untilRefused("/v2/app/manifests/v1", 404);

    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(refused.body())
        .startsWith("{\"errors\":[{\"code\":\"TOOMANYREQUESTS\"")
        .contains("ask more slowly");
    assertThat(send("/v2/", null).statusCode()).as("somebody else").isEqualTo(401);
    for (int i = 0; i < 2 * BURST; i++) {
      assertThat(TestRegistry.send(client, registry.management("/health/liveness")).statusCode())
          .as("the management port")
          .isEqualTo(200);
    }
  }

  @Test
  void wrongPasswordsCountForTheAddress() throws Exception {
    String wrong = TestRegistry.basic("nobody", "wrong");
    int answered = 0;
    HttpResponse<String> answer = send("/v2/", wrong);
    while (answer.statusCode() == 401) {
      answered++;
      answer = send("/v2/", wrong);
    }

    assertThat(answer.statusCode()).isEqualTo(429);
    // The other test asked once without credentials, before or after this one.
    assertThat(answered).isBetween(BURST - 1, 2 * BURST);
    assertThat(send("/token?scope=repository:app:pull", null).statusCode()).isEqualTo(429);
  }

  /** Each answer takes less than the second in which another request becomes due. */
  private static HttpResponse<String> untilRefused(String path, int status) throws Exception {
    String alice = TestRegistry.basic("alice", TestRegistry.PASSWORD);
    int answered = 0;
    HttpResponse<String> answer = send(path, alice);
    while (answer.statusCode() == status) {
      answered++;
      answer = send(path, alice);
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answered).isBetween(BURST, 2 * BURST);
    return answer;
  }

  private static HttpResponse<String> send(String path, @Nullable String credentials)
      throws Exception {
    HttpRequest.Builder request = registry.data(path);
    if (credentials != null) {
      request.header("Authorization", credentials);
    }
    return TestRegistry.send(client, request);
  }
}
