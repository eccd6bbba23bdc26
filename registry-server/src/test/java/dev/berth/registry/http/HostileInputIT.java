package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputIT extends RegistryTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/a%2Fb/tags/list",
        "/v2/a/%2e%2e/b/tags/list",
        "/v2/a/../b/tags/list",
        "/v2/../../etc/passwd/tags/list",
        "/v2/a%00/tags/list",
        "/v2/a%zz/tags/list",
        "/v2/A/tags/list",
        "/v2/a//b/tags/list",
        "/v2/%C3%A9/tags/list",
        "/v2/a/manifests/..",
        "/v2/a/manifests/-x",
        "/v2/a/blobs/sha256:../../etc/passwd",
        "/v2/a/blobs/sha256:xyz",
        "/v2/a/blobs/md5:d41d8cd98f00b204e9800998ecf8427e",
        "/v2/a\u00e9/tags/list",
        "/v2/a/manifests/\u00e9",
        "/v2/a/manifests/%C3%A9",
        "/v2/a/manifests/v1%2f..",
        "/v2/a/manifests/v1%00",
        "/v2/a/referrers/sha256:..",
        "/v2/a/tags/list?n=%zz",
        "/v2/a/nothing",
        "/nothing",
        "/",
        "//",
        "*",
        "http://[bad/v2/"
      })
  void aBadPathIsAnOciErrorAndTheConnectionStays(String path) throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").receive();

      assertThat(answer.status()).isBetween(400, 405);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.body()).startsWith("{\"errors\":[{\"code\":\"").doesNotContain("Exception");
      assertStillServes(connection);
    }
  }

  @Test
  void anOverlongNameOrTagIsRefusedAndTheLongestIsTaken() {
    String name = "n".repeat(127) + "/" + "m".repeat(127);
    String tag = "t".repeat(128);
    client.pushImage(name, tag, "layer");

    assertThat(client.get("/v2/" + name + "/manifests/" + tag).status()).isEqualTo(200);
    assertThat(client.get("/v2/" + name + "m/manifests/" + tag).error()).isEqualTo("NAME_INVALID");
    assertThat(client.get("/v2/" + name + "/manifests/" + tag + "t").error())
        .isEqualTo("MANIFEST_INVALID");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v2/q/blobs/uploads/?digest=sha256:zz, DIGEST_INVALID",
    "POST, /v2/q/blobs/uploads/?digest=md5:d41d8cd98f00b204e9800998ecf8427e, DIGEST_INVALID",
    "POST, /v2/q/blobs/uploads/?digest-algorithm=md5, DIGEST_INVALID",
    "POST, /v2/q/blobs/uploads/?mount=sha256:zz&from=a, DIGEST_INVALID",
    "POST, /v2/q/blobs/uploads/?mount=nothing, DIGEST_INVALID",
    "POST, /v2/q/blobs/uploads/?mount=DIGEST&from=../etc, NAME_INVALID",
    "POST, /v2/q/blobs/uploads/?mount=DIGEST&from=%00, NAME_INVALID",
    "PUT, /v2/q/manifests/DIGEST?tag=-x, MANIFEST_INVALID",
    "PUT, /v2/q/manifests/DIGEST?tag=a%2Fb, MANIFEST_INVALID",
    "PUT, /v2/q/manifests/DIGEST?tag=%C3%A9, MANIFEST_INVALID",
    "PUT, /v2/q/manifests/sha256:zz, DIGEST_INVALID",
  })
  void aBadWordInAQueryIsRefused(String method, String path, String error) {
    Response refused =
        client.send(
            method,
            path.replace("DIGEST", digest("x")),
            BodyPublishers.ofString("x"),
            "Content-Type",
            MediaTypes.OCI_MANIFEST);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).isEqualTo(error);
    assertThat(client.get("/v2/q/tags/list").error()).isEqualTo("NAME_UNKNOWN");
  }

  @Test
  void aMethodThatIsNotTakenIsAnOciError() {
    Response refused = client.post("/v2/", new byte[0]);

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.error()).isEqualTo("UNSUPPORTED");
    assertThat(refused.header("Allow")).contains("GET");
  }

  @ParameterizedTest
  @CsvSource({"/v2/?LONG, '', 414", "/v2/, 'X: LONG', 431", "/v2/LONG/tags/list, '', 414"})
  void aRequestThatIsTooLongIsAnOciErrorAndEndsTheConnection(String path, String header, int status)
      throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n";
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection.send(request.replace("LONG", "y".repeat(40_000))).receive();

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.body()).startsWith("{\"errors\":[{\"code\":\"SIZE_INVALID\"");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost x\r\nBad Header : 1\r\n\r\n",
        "GARBAGE\r\n\r\n"
      })
  void aRequestThatIsNoneIsAnOciError(String request) throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer = connection.send(request).receive();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).startsWith("{\"errors\":[");
    }
  }

  @Test
  void aBodyThatBreaksOffLeavesTheSessionAsItWas() throws IOException {
    String location = client.startUpload("broken");
    client.patch(location, utf8("hello"));
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send(
          "PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\npartial");
    }

    assertSessionGoesOn(location);
  }

  @Test
  void aStreamedBodyThatBreaksOffLeavesTheSessionAsItWas() throws IOException {
    String location = client.startUpload("broken-stream");
    client.patch(location, utf8("hello"));
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send(
          "PATCH "
              + location
              + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7\r\npartial\r\n");
    }

    assertSessionGoesOn(location);
  }

  @Test
  void aMalformedChunkIsRefusedAndLeavesTheSessionAsItWas() throws IOException {
    String location = client.startUpload("malformed");
    client.patch(location, utf8("hello"));
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection
              .send(
                  "PATCH "
                      + location
                      + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7\r\npartial\r\n"
                      + "nonsense\r\n")
              .receive();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("BLOB_UPLOAD_INVALID");
      assertThat(connection.isClosedByServer()).isTrue();
    }

    assertSessionGoesOn(location);
  }

  @Test
  void manyHeadersThatDoNotEndAreRefusedHoweverShort() throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n");

      RawConnection.Answer answer = connection.send("a:b\r\n".repeat(300)).receive();

      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.body()).contains("SIZE_INVALID");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aFormThatIsMalformedIsRefused() throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer answer =
          connection
              .send(
                  """
                  POST /token HTTP/1.1\r
                  Host: x\r
                  Content-Type: application/x-www-form-urlencoded\r
                  Transfer-Encoding: chunked\r
                  \r
                  7\r
                  partial\r
                  nonsense\r
                  """)
              .receive();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).startsWith("{\"errors\":[");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  private void assertSessionGoesOn(String location) {
    // The server may still be reading what broke off.
    await().until(() -> client.patch(location, utf8(", ")).status() == 202);
    assertThat(client.get(location).header("Range")).isEqualTo("0-6");
    assertThat(client.put(location + "?digest=" + digest("hello, world"), utf8("world")).status())
        .isEqualTo(201);
  }

  @Test
  void aWholeBlobThatBreaksOffLeavesNothing() throws IOException {
    byte[] content = utf8("never complete");
    String digest = digest(content);
    client.pushBlob("half", utf8("other"));
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send(
          "POST /v2/half/blobs/uploads/?digest="
              + digest
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nnever complete");
    }

    await().untilAsserted(() -> assertThat(folder.resolve("data/_uploads")).isEmptyDirectory());
    assertThat(client.head("/v2/half/blobs/" + digest).status()).isEqualTo(404);
  }

  @Test
  void requestsToOneSessionAtOnceDoNotMix() throws IOException {
    String location = client.startUpload("concurrent");
    client.patch(location, utf8("hel"));
    try (RawConnection slow = new RawConnection(registry.port())) {
      slow.send("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nlo");
      await()
          .untilAsserted(
              () -> {
                Response second = client.patch(location, new byte[0]);
                assertThat(second.status()).isEqualTo(409);
                assertThat(second.error()).isEqualTo("BLOB_UPLOAD_INVALID");
              });
      assertThat(client.delete(location).status()).isEqualTo(409);

      assertThat(slow.send("world").receive().status()).isEqualTo(202);
    }

    assertThat(client.put(location + "?digest=" + digest("helloworld"), new byte[0]).status())
        .isEqualTo(201);
  }

  @Test
  void ofFirstChunksAtOnceTheOneThatIsWholeFirstCounts() throws IOException {
    String location = client.startUpload("first");
    Set<String> before = staged();
    try (RawConnection stuck = new RawConnection(registry.port())) {
      stuck.send("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
      await().until(() -> !before.containsAll(staged()));

      assertThat(client.patch(location, utf8("hello")).status()).isEqualTo(202);
      assertThat(stuck.send("world").receive().status()).isEqualTo(409);
    }

    assertThat(client.put(location + "?digest=" + digest("hello"), new byte[0]).status())
        .isEqualTo(201);
    assertThat(before).containsAll(staged());
  }

  @Test
  void aSessionThatIsCancelledWhileItReceivesStaysSo() throws IOException {
    String location = client.startUpload("cancelled");
    Set<String> before = staged();
    try (RawConnection stuck = new RawConnection(registry.port())) {
      stuck.send("PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
      await().until(() -> !before.containsAll(staged()));

      assertThat(client.delete(location).status()).isEqualTo(204);
      assertThat(stuck.send("world").receive().status()).isEqualTo(404);
    }

    assertThat(client.get(location).status()).isEqualTo(404);
    assertThat(before).containsAll(staged());
  }

  /** Files of uploads; other tests leave some. */
  private Set<String> staged() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/_uploads"))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void aRefusedBodyIsReadOffTheConnection() throws IOException {
    try (RawConnection connection = new RawConnection(registry.port())) {
      String body = "x".repeat(3_000_000);
      RawConnection.Answer refused =
          connection
              .send(
                  "PUT /v2/BAD/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
                      + body)
              .receive();

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body()).contains("NAME_INVALID");
      assertStillServes(connection);
    }
  }

  @Test
  void aClientThatAsksBeforeSendingIsToldToContinueOrWhyNot() throws IOException {
    String location = client.startUpload("expect");
    try (RawConnection connection = new RawConnection(registry.port())) {
      connection.send(expecting("PATCH", location));
      assertThat(connection.receiveHead().status()).isEqualTo(100);
      assertThat(connection.send("hello").receive().status()).isEqualTo(202);
    }
    try (RawConnection connection = new RawConnection(registry.port())) {
      RawConnection.Answer refused =
          connection.send(expecting("PATCH", "/v2/BAD/blobs/uploads/1")).receive();
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body()).contains("NAME_INVALID");
    }
  }

  @Test
  void aBlobLargerThanAnyMayBeIsRefusedBeforeItIsSent() throws IOException {
    String location = client.startUpload("huge");
    for (String request :
        new String[] {
          "POST /v2/huge/blobs/uploads/?digest=" + digest("x"),
          "PATCH " + location,
          "PUT " + location + "?digest=" + digest("x")
        }) {
      try (RawConnection connection = new RawConnection(registry.port())) {
        RawConnection.Answer refused =
            connection
                .send(
                    request
                        + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2199023255552\r\n"
                        + "Expect: 100-continue\r\n\r\n")
                .receive();

        assertThat(refused.status()).as(request).isEqualTo(413);
        assertThat(refused.body()).contains("SIZE_INVALID");
      }
    }
    assertThat(client.get(location).header("Range")).isEqualTo("0-0");
  }

  private static String expecting(String method, String path) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
  }

  private static void assertStillServes(RawConnection connection) throws IOException {
    assertThat(connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n").receive().body())
        .isEqualTo("{}");
  }
}
