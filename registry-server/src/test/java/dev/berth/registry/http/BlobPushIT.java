package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

class BlobPushIT extends RegistryTest {
  private static final byte[] CONTENT = utf8("hello, registry");
  private static final String DIGEST = digest(CONTENT);

  @Test
  void aBlobIsPushedInOneRequest() {
    Response pushed = client.pushBlob("one", CONTENT);

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.header("Location")).isEqualTo("/v2/one/blobs/" + DIGEST);
    assertThat(pushed.header("Docker-Content-Digest")).isEqualTo(DIGEST);
    assertThat(client.get("/v2/one/blobs/" + DIGEST).body()).isEqualTo(CONTENT);
  }

  @Test
  void aBlobIsPushedByPostThenPut() {
    Response started = client.post("/v2/team/two/blobs/uploads/", new byte[0]);
    assertThat(started.status()).isEqualTo(202);
    assertThat(started.header("Location")).startsWith("/v2/team/two/blobs/uploads/");
    assertThat(started.header("Docker-Upload-UUID")).isNotEmpty();
    assertThat(started.header("Range")).isEqualTo("0-0");

    Response put = client.put(started.header("Location") + "?digest=" + DIGEST, CONTENT);

    assertThat(put.status()).isEqualTo(201);
    assertThat(client.get("/v2/team/two/blobs/" + DIGEST).body()).isEqualTo(CONTENT);
    assertThat(client.get(started.header("Location")).error()).isEqualTo("BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void aBlobIsPushedInChunks() {
    String location = client.startUpload("chunks");

    Response first = client.patch(location, utf8("hello, "), "Content-Range", "0-6");
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.header("Range")).isEqualTo("0-6");
    Response status = client.get(location);
    assertThat(status.status()).isEqualTo(204);
    assertThat(status.header("Range")).isEqualTo("0-6");
    assertThat(status.header("Location")).isEqualTo(location);
    client.patch(location, utf8("regis"), "Content-Range", "7-11");
    Response last =
        client.put(location + "?digest=" + DIGEST, utf8("try"), "Content-Range", "12-14");

    assertThat(last.status()).isEqualTo(201);
    assertThat(client.get("/v2/chunks/blobs/" + DIGEST).body()).isEqualTo(CONTENT);
  }

  @Test
  void aChunkOutOfOrderIsRefusedAndTheSessionLivesOn() {
    String location = client.startUpload("order");
    client.patch(location, utf8("hello, "), "Content-Range", "0-6");

    for (String range : new String[] {"0-6", "8-14"}) {
      Response refused = client.patch(location, utf8("1234567"), "Content-Range", range);
      assertThat(refused.status()).isEqualTo(416);
      assertThat(refused.error()).isEqualTo("BLOB_UPLOAD_INVALID");
      assertThat(refused.header("Range")).isEqualTo("0-6");
      assertThat(refused.header("Location")).isEqualTo(location);
    }
    assertThat(
            client.put(location + "?digest=" + DIGEST, utf8("x"), "Content-Range", "9-9").status())
        .isEqualTo(416);

    assertThat(client.put(location + "?digest=" + DIGEST, utf8("registry")).status())
        .isEqualTo(201);
  }

  @Test
  void aChunkOfAnotherLengthThanItSaysIsRefusedAndTheSessionLivesOn() {
    String location = client.startUpload("length");

    Response refused = client.patch(location, utf8("hello"), "Content-Range", "0-9");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).isEqualTo("SIZE_INVALID");
    assertThat(client.get(location).header("Range")).isEqualTo("0-0");
    assertThat(client.put(location + "?digest=" + DIGEST, CONTENT).status()).isEqualTo(201);
  }

  @Test
  void aBlobIsStreamed() {
    String location = client.startUpload("streamed");

    Response patched =
        client.send(
            "PATCH",
            location,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(CONTENT)),
            "Content-Type",
            "application/octet-stream");
    assertThat(patched.status()).isEqualTo(202);
    assertThat(patched.header("Range")).isEqualTo("0-14");

    assertThat(client.put(location + "?digest=" + DIGEST, new byte[0]).status()).isEqualTo(201);
    assertThat(client.get("/v2/streamed/blobs/" + DIGEST).body()).isEqualTo(CONTENT);
  }

  @Test
  void aSessionIsCancelled() {
    String location = client.startUpload("cancelled");
    client.patch(location, CONTENT);

    assertThat(client.delete(location).status()).isEqualTo(204);

    assertThat(client.delete(location).status()).isEqualTo(404);
    assertThat(client.patch(location, CONTENT).error()).isEqualTo("BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void aSessionBelongsToItsRepository() {
    String location = client.startUpload("mine");

    Response elsewhere = client.get(location.replace("/v2/mine/", "/v2/yours/"));

    assertThat(elsewhere.status()).isEqualTo(404);
    assertThat(elsewhere.error()).isEqualTo("BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void aWrongDigestStoresNothing() {
    String wrong = digest("something else");

    Response whole = client.post("/v2/wrong/blobs/uploads/?digest=" + wrong, CONTENT);
    String location = client.startUpload("wrong");
    Response session = client.put(location + "?digest=" + wrong, CONTENT);

    assertThat(whole.status()).isEqualTo(400);
    assertThat(whole.error()).isEqualTo("DIGEST_INVALID");
    assertThat(session.status()).isEqualTo(400);
    assertThat(session.error()).isEqualTo("DIGEST_INVALID");
    assertThat(client.head("/v2/wrong/blobs/" + wrong).status()).isEqualTo(404);
    assertThat(client.head("/v2/wrong/blobs/" + DIGEST).status()).isEqualTo(404);
    assertThat(folder.resolve("data/_uploads")).isDirectoryNotContaining("glob:**" + id(location));
  }

  @Test
  void theLastRequestNeedsADigest() {
    String location = client.startUpload("nodigest");

    assertThat(client.put(location, CONTENT).error()).isEqualTo("DIGEST_INVALID");
    assertThat(client.put(location + "?digest=sha256:abc", CONTENT).error())
        .isEqualTo("DIGEST_INVALID");
    assertThat(client.put(location + "?digest=" + DIGEST, CONTENT).status()).isEqualTo(201);
  }

  @Test
  void sha512IsADigestToo() {
    String digest = Digest.of(DigestAlgorithm.SHA512, CONTENT).toString();
    String location = client.startUpload("long");
    client.patch(location, CONTENT);

    assertThat(client.put(location + "?digest=" + digest, new byte[0]).status()).isEqualTo(201);

    assertThat(client.get("/v2/long/blobs/" + digest).body()).isEqualTo(CONTENT);
  }

  @Test
  void anUploadMayAnnounceItsAlgorithmAndNeedNotKeepToIt() {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      Response started =
          client.post("/v2/announced/blobs/uploads/?digest-algorithm=sha512", new byte[0]);
      assertThat(started.status()).isEqualTo(202);
      client.patch(started.header("Location"), utf8("hello, "));
      String digest = Digest.of(algorithm, CONTENT).toString();

      Response pushed =
          client.put(started.header("Location") + "?digest=" + digest, utf8("registry"));

      assertThat(pushed.status()).isEqualTo(201);
      assertThat(pushed.header("Docker-Content-Digest")).isEqualTo(digest);
      assertThat(client.get("/v2/announced/blobs/" + digest).body()).isEqualTo(CONTENT);
    }
  }

  @Test
  void aBlobOfAnotherSha512IsRefused() {
    String wrong = Digest.of(DigestAlgorithm.SHA512, utf8("else")).toString();
    String location = client.startUpload("wrong512");
    client.patch(location, CONTENT);

    assertThat(client.put(location + "?digest=" + wrong, new byte[0]).error())
        .isEqualTo("DIGEST_INVALID");
    assertThat(client.post("/v2/wrong512/blobs/uploads/?digest=" + wrong, CONTENT).error())
        .isEqualTo("DIGEST_INVALID");
    assertThat(client.head("/v2/wrong512/blobs/" + wrong).status()).isEqualTo(404);
  }

  @Test
  void aSessionGoesOnAtAnotherReplicaAndBack() {
    String location = client.startUpload("resumed");
    client.patch(location, utf8("hello, "));

    try (TestRegistry replica = TestRegistry.start(folder);
        Client other = new Client(replica.uri())) {
      assertThat(other.get(location).header("Range")).isEqualTo("0-6");
      Response chunk = other.patch(location, utf8("regi"), "Content-Range", "7-10");
      assertThat(chunk.status()).isEqualTo(202);
    }
    Response pushed = client.put(location + "?digest=" + DIGEST, utf8("stry"));

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(client.get("/v2/resumed/blobs/" + DIGEST).body()).isEqualTo(CONTENT);
  }

  @Test
  void aBlobDeletedInOneRepositoryStaysInTheOthers() {
    client.pushBlob("keeps", CONTENT);
    client.pushBlob("loses", CONTENT);

    assertThat(client.delete("/v2/loses/blobs/" + DIGEST).status()).isEqualTo(202);

    assertThat(client.get("/v2/loses/blobs/" + DIGEST).status()).isEqualTo(404);
    assertThat(client.get("/v2/keeps/blobs/" + DIGEST).body()).isEqualTo(CONTENT);
  }

  @Test
  void anEmptyBlobIsPushedAndPulled() {
    String digest = digest(new byte[0]);

    assertThat(client.pushBlob("empty", new byte[0]).status()).isEqualTo(201);

    Response pulled = client.get("/v2/empty/blobs/" + digest);
    assertThat(pulled.status()).isEqualTo(200);
    assertThat(pulled.header("Content-Length")).isEqualTo("0");
    assertThat(client.get("/v2/empty/blobs/" + digest, "Range", "bytes=0-").status())
        .isEqualTo(416);
  }

  @Test
  void aSecondPushOfTheSameBlobIsCreatedToo() {
    client.pushBlob("twice", CONTENT);

    assertThat(client.pushBlob("twice", CONTENT).status()).isEqualTo(201);
  }

  @Test
  void aBlobIsMountedFromAnotherRepository() {
    client.pushBlob("source", CONTENT);

    Response mounted =
        client.post("/v2/target/blobs/uploads/?mount=" + DIGEST + "&from=source", new byte[0]);

    assertThat(mounted.status()).isEqualTo(201);
    assertThat(mounted.header("Location")).isEqualTo("/v2/target/blobs/" + DIGEST);
    assertThat(client.get("/v2/target/blobs/" + DIGEST).body()).isEqualTo(CONTENT);
  }

  @Test
  void whatCannotBeMountedBecomesAnUpload() {
    Response started =
        client.post(
            "/v2/target/blobs/uploads/?mount=" + digest("unknown") + "&from=source", new byte[0]);

    assertThat(started.status()).isEqualTo(202);
    assertThat(client.put(started.header("Location") + "?digest=" + DIGEST, CONTENT).status())
        .isEqualTo(201);
  }

  @Test
  void aBlobIsNotReadableByItsDigestAlone() {
    client.pushBlob("holder", CONTENT);
    client.pushBlob("stranger", utf8("something"));

    assertThat(client.get("/v2/stranger/blobs/" + DIGEST).error()).isEqualTo("BLOB_UNKNOWN");
  }

  private static String id(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
