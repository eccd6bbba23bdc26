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

/** A caller that asks too often is told so. */
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
  void whoAsksTooOftenIsToldToWaitAndTheManagementPortIsOpen() throws Exception {
    String alice = TestRegistry.basic("alice", TestRegistry.PASSWORD);
    for (int i = 0; i < BURST; i++) {
      assertThat(send("/v2/app/manifests/v1", alice).statusCode()).isEqualTo(404);
    }
    HttpResponse<String> refused = untilRefused("/v2/app/manifests/v1", alice, 404);

    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(refused.body())
        .startsWith("{\"errors\":[{\"code\":\"TOOMANYREQUESTS\"")
        .contains("ask more slowly");
    for (int i = 0; i < 2 * BURST; i++) {
      assertThat(TestRegistry.send(client, registry.management("/health/liveness")).statusCode())
          .as("the management port")
          .isEqualTo(200);
    }
  }

  @Test
  void wrongPasswordsAndTokensForNobodyCountForTheAddress() throws Exception {
    untilRefused("/v2/", TestRegistry.basic("nobody", "wrong"), 401);

    HttpResponse<String> refused = untilRefused("/token?scope=repository:app:pull", null, 200);

    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.body()).contains("TOOMANYREQUESTS", "from this address", "log in");
  }

  @Test
  void aSearchWithoutCredentialsCountsForTheAddress() throws Exception {
    HttpRequest.Builder search = registry.data("/v1/search?q=app").header("X-Docker-Token", "true");
    HttpResponse<String> answer = TestRegistry.send(client, search);
    for (int i = 0; i < 50 * BURST && answer.statusCode() == 200; i++) {
      answer = TestRegistry.send(client, search);
    }

    assertThat(answer.statusCode()).isEqualTo(429);
  }

  /** Each answer takes less than the second in which another request becomes due. */
  private static HttpResponse<String> untilRefused(
      String path, @Nullable String credentials, int status) throws Exception {
    for (int i = 0; i < 50 * BURST; i++) {
      HttpResponse<String> answer = send(path, credentials);
      if (answer.statusCode() == 429) {
        return answer;
      }
      assertThat(answer.statusCode()).isEqualTo(status);
    }
    throw new AssertionError("never refused");
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
