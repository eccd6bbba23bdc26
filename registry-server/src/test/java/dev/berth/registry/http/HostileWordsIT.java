package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever stands where a name, a tag, a digest or a number belongs is refused, and logged nowhere.
 */
class HostileWordsIT extends RegistryTest {
  private static final String DIGEST = digest("x");

  /** None of them is a name, a tag, a digest, an algorithm, a session or a number. */
  private static final List<String> WORDS =
      List.of(
          ".",
          "..",
          "../../etc/passwd",
          "%2e%2e",
          "%2E%2E%2Fa",
          "a%2fb",
          "a%2Fb",
          "%2f",
          "%00",
          "a%00b",
          "%25",
          "%252f",
          "%",
          "%zz",
          "%c",
          "%0d%0aX:%20y",
          "%20",
          "%C3%A9",
          "\u00e9",
          "%ff",
          "%C0%AE",
          "%ED%A0%80",
          "%E2%80%AE",
          "%F0%9F%92%A9",
          "\u0001",
          "\u007f",
          "a//b",
          "/a/",
          "a/",
          "-a",
          ".a",
          "a:b",
          ":",
          "sha256:",
          "sha256:" + "0".repeat(63),
          "sha256:" + "0".repeat(65),
          "sha256:" + "G".repeat(64),
          "SHA256:" + "0".repeat(64),
          "sha256:sha256:" + "0".repeat(64),
          "sha512:" + "0".repeat(64),
          "sha256%3A" + "0".repeat(10),
          "\\",
          "'\"><script>",
          "';drop",
          "{name}",
          "${x}",
          "$(id)",
          "*",
          "~",
          "@",
          "a".repeat(300) + "+",
          "\u00e9".repeat(1000),
          "%C3%A9".repeat(300));

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    root().addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    root().detachAppender(log);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v2/WORD/tags/list",
        "GET /v2/a/WORD/tags/list",
        "GET /v2/WORD/a/tags/list",
        "GET /v2/WORD/manifests/v1",
        "GET /v2/a/manifests/WORD",
        "HEAD /v2/a/manifests/WORD",
        "PUT /v2/a/manifests/WORD",
        "PUT /v2/WORD/manifests/v1",
        "DELETE /v2/a/manifests/WORD",
        "GET /v2/a/blobs/WORD",
        "HEAD /v2/a/blobs/WORD",
        "DELETE /v2/a/blobs/WORD",
        "GET /v2/a/referrers/WORD",
        "POST /v2/WORD/blobs/uploads/",
        "GET /v2/a/blobs/uploads/WORD",
        "PATCH /v2/a/blobs/uploads/WORD",
        "PUT /v2/a/blobs/uploads/WORD?digest=DIGEST",
        "DELETE /v2/a/blobs/uploads/WORD",
        "GET /v2/a/tags/list?n=WORD",
        "GET /v2/a/referrers/DIGEST?n=WORD",
        "POST /v2/a/blobs/uploads/?digest=WORD",
        "POST /v2/a/blobs/uploads/?mount=WORD",
        "POST /v2/a/blobs/uploads/?mount=WORD&from=a",
        "POST /v2/a/blobs/uploads/?mount=DIGEST&from=WORD",
        "POST /v2/a/blobs/uploads/?digest-algorithm=WORD",
        "PUT /v2/a/manifests/DIGEST?tag=WORD",
        "PUT /v2/a/manifests/DIGEST?tag=v1&tag=WORD"
      })
  void isRefused(String request) throws IOException {
    for (String word : WORDS) {
      if (request.endsWith("from=WORD") && word.toLowerCase(Locale.ROOT).equals("a%2fb")) {
        // Of a query it is the name a/b, well encoded.
        continue;
      }
      RawConnection.Answer answer = send(request, word);

      assertThat(answer.status()).as(request + " " + word).isBetween(400, 499);
      if (!request.startsWith("HEAD")) {
        assertThat(answer.body())
            .as(request + " " + word)
            .startsWith("{\"errors\":[{\"code\":\"")
            .doesNotContain("Exception");
      }
    }

    assertThat(log.list).isEmpty();
    assertThat(client.get("/v2/a/tags/list").error()).isEqualTo("NAME_UNKNOWN");
  }

  /** Anything may be asked for here, unless it is no URI. */
  @ParameterizedTest
  @CsvSource({
    "GET /v2/words/tags/list?last=WORD, tags",
    "GET /v2/words/tags/list?n=1&last=WORD, tags",
    "GET /v2/words/referrers/DIGEST?artifactType=WORD, manifests",
    "GET /v2/words/referrers/DIGEST?last=WORD, manifests",
    "GET /v2/words/tags/list?ns=WORD, tags",
    "GET /v2/words/tags/list?WORD, tags",
  })
  void isAWordLikeAnyOther(String request, String listed) throws IOException {
    client.pushImage("words", "v1", "layer");
    for (String word : WORDS) {
      RawConnection.Answer answer = send(request, word);

      assertThat(answer.status()).as(request + " " + word).isIn(200, 400, 404);
      assertThat(answer.body())
          .as(request + " " + word)
          .contains(answer.status() == 200 ? "\"" + listed + "\":[" : "{\"errors\":[{\"code\":\"");
    }

    assertThat(log.list).isEmpty();
  }

  /** On a connection of its own each time: what cannot be read at all ends it. */
  private RawConnection.Answer send(String request, String word) throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send(
          request.replace("WORD", word).replace("DIGEST", DIGEST)
              + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");
      return request.startsWith("HEAD") ? connection.receiveHead() : connection.receive();
    }
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
