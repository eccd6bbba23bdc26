package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.registry.config.RegistryConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Only so many bodies are received at once, here one. */
class RequestBodiesIT extends RegistryTest {
  private static final String PUT_MANIFEST =
      "PUT /v2/app/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n";

  private static final String POST_FORM =
      "POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n";

  @Override
  TestRegistry start(Path folder) {
    return TestRegistry.start(
        folder,
        Duration.ofMinutes(1),
        new RegistryConfiguration.Connections(1000, 1, Duration.ofSeconds(15), 1024));
  }

  @Test
  void oneTooManyIsToldToComeAgainAndTakenOnceAnotherHasEnded() throws IOException {
    String location = client.startUpload("app");
    try (RawConnection first = sending(location);
        RawConnection second = new RawConnection(registry.port())) {
      RawConnection.Answer refused = second.send(PUT_MANIFEST + "\r\n{}").receive();

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("5");
      assertThat(refused.body()).contains("UNAVAILABLE", "send it again in a while");

      assertThat(first.send("world").receive().status()).isEqualTo(202);
      assertThat(second.send(PUT_MANIFEST + "\r\n{}").receive().status()).isEqualTo(400);
    }
  }

  @Test
  void aClientThatWaitsToBeAskedIsRefusedBeforeItSends() throws IOException {
    try (RawConnection first = sending(client.startUpload("app"));
        RawConnection second = new RawConnection(registry.port())) {
      assertThat(second.send(PUT_MANIFEST + "Expect: 100-continue\r\n\r\n").receive().status())
          .isEqualTo(503);
      assertThat(first.send("world").receive().status()).isEqualTo(202);
    }
  }

  @Test
  void whatHasNoBodyIsTaken() throws IOException {
    try (RawConnection first = sending(client.startUpload("app"))) {
      assertThat(client.get("/v2/").status()).isEqualTo(200);
      assertThat(client.startUpload("other")).startsWith("/v2/other/");
      assertThat(first.send("world").receive().status()).isEqualTo(202);
    }
  }

  @Test
  void oneThatBreaksOffCountsNoLonger() throws IOException {
    sending(client.startUpload("app")).close();

    await()
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .post("/v2/app/blobs/uploads/?digest=" + digest("all"), utf8("all"))
                            .status())
                    .isEqualTo(201));
  }

  @Test
  void onlySoManyFormsAreHeld() throws IOException {
    String form = "grant_type=password&username=" + "x".repeat(15_000);
    List<RawConnection> others = new ArrayList<>();
    try {
      for (int i = 0; i < 256; i++) {
        others.add(
            new RawConnection(registry.port())
                .send(POST_FORM.formatted(form.length() + 1))
                .send(form));
      }
      await()
          .untilAsserted(
              () -> {
                try (RawConnection next = new RawConnection(registry.port())) {
                  assertThat(next.send(POST_FORM.formatted(2) + "{}").receive().status())
                      .isEqualTo(503);
                }
              });
    } finally {
      for (RawConnection other : others) {
        other.close();
      }
    }
    await()
        .untilAsserted(
            () -> {
              try (RawConnection next = new RawConnection(registry.port())) {
                assertThat(next.send(POST_FORM.formatted(2) + "{}").receive().status())
                    .isEqualTo(400);
              }
            });
  }

  @Test
  void afterAFormThatIsTooLargeTheConnectionGoesOn() throws IOException {
    String form = "x".repeat(100_000);
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer refused =
          connection.send(POST_FORM.formatted(form.length())).send(form).receive();

      assertThat(refused.status()).isEqualTo(413);
      assertThat(connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n").receive().status())
          .isEqualTo(200);
    }
  }

  /** A request that was let through and whose last five bytes are still to come. */
  private RawConnection sending(String location) throws IOException {
    RawConnection connection = new RawConnection(registry.port());
    connection.send(
        "PATCH "
            + location
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
    assertThat(connection.receiveHead().status()).isEqualTo(100);
    return connection.send("hello");
  }
}
