package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.berth.registry.http.Client.NoAnswer;
import dev.berth.registry.http.Client.Response;
import java.io.IOException;
import java.util.Arrays;

/** A push of a blob in three chunks, and what the server has acknowledged of it. */
final class ChunkedPush {
  private static final int CHUNK = 600_000;

  /** The requests of the push, in their order. */
  enum Step {
    BEGIN,
    FIRST_CHUNK,
    SECOND_CHUNK,
    FINISH
  }

  private final String repository;
  private final byte[] content;

  /** Empty before the session is acknowledged. */
  private String location = "";

  private int acknowledged;

  ChunkedPush(String repository, byte[] content) {
    this.repository = repository;
    this.content = content;
  }

  String location() {
    return location;
  }

  int acknowledged() {
    return acknowledged;
  }

  String blob() {
    return "/v2/" + repository + "/blobs/" + digest(content);
  }

  /** Pushes until the server dies, at the earliest during the step. */
  void untilTheServerDies(CrashingRegistry registry, Step during, String point) throws IOException {
    for (Step step : Step.values()) {
      if (step == during) {
        registry.dieAt(point);
      }
      try {
        take(step, registry.client());
      } catch (NoAnswer e) {
        return;
      }
    }
    fail("the push was answered 201, and the server never came to " + point);
  }

  /** The whole push at once. */
  void complete(Client client) {
    for (Step step : Step.values()) {
      take(step, client);
    }
  }

  private void take(Step step, Client client) {
    switch (step) {
      case BEGIN -> location = client.startUpload(repository);
      case FIRST_CHUNK -> chunk(client, 0);
      case SECOND_CHUNK -> chunk(client, CHUNK);
      case FINISH -> assertThat(finish(client, 2 * CHUNK).status()).isEqualTo(201);
    }
  }

  private void chunk(Client client, int from) {
    byte[] chunk = Arrays.copyOfRange(content, from, from + CHUNK);
    Response answer =
        client.patch(location, chunk, "Content-Range", from + "-" + (from + CHUNK - 1));
    assertThat(answer.status()).isEqualTo(202);
    acknowledged = from + CHUNK;
    assertThat(answer.header("Range")).isEqualTo("0-" + (acknowledged - 1));
  }

  /** Sends what is left from an offset, and ends the session. */
  Response finish(Client client, int from) {
    return client.put(
        location + "?digest=" + digest(content),
        Arrays.copyOfRange(content, from, content.length),
        "Content-Range",
        from + "-" + (content.length - 1));
  }
}
