package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BlobPullIT extends RegistryTest {
  private static final byte[] CONTENT = new byte[1_000_003];
  private static final String PATH;

  static {
    new Random(7).nextBytes(CONTENT);
    PATH = "/v2/pull/blobs/" + digest(CONTENT);
  }

  @BeforeAll
  void push() {
    client.pushBlob("pull", CONTENT);
  }

  @Test
  void aBlobComesBackWithItsHeaders() {
    Response response = client.get(PATH);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(CONTENT);
    assertThat(response.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(response.header("Docker-Content-Digest")).isEqualTo(digest(CONTENT));
    assertThat(response.header("ETag")).isEqualTo('"' + digest(CONTENT) + '"');
    assertThat(response.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(response.header("Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
    assertThat(response.header("x-sendfile")).isEmpty();
  }

  @Test
  void headTellsTheSame() {
    Response response = client.head(PATH);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Length")).isEqualTo("" + CONTENT.length);
    assertThat(response.header("Docker-Content-Digest")).isEqualTo(digest(CONTENT));
    assertThat(response.header("Content-Type")).isEqualTo("application/octet-stream");
  }

  @Test
  void aRangeIsServed() {
    assertPart("bytes=0-0", 0, 1);
    assertPart("bytes=1000-1999", 1000, 1000);
    assertPart("bytes=-500", CONTENT.length - 500, 500);
    assertPart("bytes=999000-", 999_000, CONTENT.length - 999_000);
    assertPart("bytes=999000-99999999", 999_000, CONTENT.length - 999_000);
  }

  private void assertPart(String range, int from, int length) {
    Response response = client.get(PATH, "Range", range);
    assertThat(response.status()).as(range).isEqualTo(206);
    assertThat(response.header("Content-Range"))
        .isEqualTo("bytes " + from + "-" + (from + length - 1) + "/" + CONTENT.length);
    assertThat(response.header("Content-Length")).isEqualTo("" + length);
    assertThat(response.body()).isEqualTo(Arrays.copyOfRange(CONTENT, from, from + length));
  }

  @Test
  void aRangeWithoutAByteOfTheBlobIsNotSatisfiable() {
    for (String range : new String[] {CONTENT.length + "-", "5-1", "-0"}) {
      Response response = client.get(PATH, "Range", "bytes=" + range);

      assertThat(response.status()).as(range).isEqualTo(416);
      assertThat(response.header("Content-Range")).isEqualTo("bytes */" + CONTENT.length);
      assertThat(response.error()).isEqualTo("SIZE_INVALID");
    }
  }

  @Test
  void aRangeThatIsNoneIsIgnored() {
    assertThat(client.get(PATH, "Range", "lines=0-1").status()).isEqualTo(200);
    assertThat(client.get(PATH, "Range", "bytes=0-1,5-6").status()).isEqualTo(200);
    assertThat(client.get(PATH, "Range", "bytes=0-1", "If-Range", "\"other\"").status())
        .isEqualTo(200);
  }

  @Test
  void whatTheClientHasIsNotSentAgain() {
    Response response = client.get(PATH, "If-None-Match", '"' + digest(CONTENT) + '"');

    assertThat(response.status()).isEqualTo(304);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void aHeaderOfTheClientOrdersNoFile() {
    Response response = client.get("/v2/pull/tags/list", "x-sendfile", "0:10:/etc/passwd");

    assertThat(response.header("x-sendfile")).isEmpty();
    assertThat(response.json().path("name").asText()).isEqualTo("pull");
  }

  @Test
  void anUnknownBlobAndAnUnknownRepositoryAreToldApartToThoseWhoMayPull() {
    String other = digest("other");

    assertThat(client.get("/v2/pull/blobs/" + other).error()).isEqualTo("BLOB_UNKNOWN");
    assertThat(client.get("/v2/none/blobs/" + other).error()).isEqualTo("NAME_UNKNOWN");
    assertThat(client.head("/v2/pull/blobs/" + other).status()).isEqualTo(404);
    assertThat(client.get("/v2/pull/blobs/sha256:zz").error()).isEqualTo("DIGEST_INVALID");
  }

  @Test
  void aDeletedBlobIsGoneForTheNextRequest() {
    byte[] content = Client.utf8("short lived");
    client.pushBlob("deleted", content);
    String path = "/v2/deleted/blobs/" + digest(content);

    assertThat(client.delete(path).status()).isEqualTo(202);

    assertThat(client.get(path).status()).isEqualTo(404);
    assertThat(client.delete(path).error()).isEqualTo("BLOB_UNKNOWN");
  }
}
