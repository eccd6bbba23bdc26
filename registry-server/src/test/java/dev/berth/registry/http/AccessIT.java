package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.RepositoryName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessIT {
  private static final byte[] CONTENT = utf8("secret");

  @Test
  void nothingIsDoneThatAccessControlRefuses(@TempDir Path folder) {
    try (TestRegistry open = TestRegistry.start(folder);
        Client client = new Client(open.uri())) {
      client.pushBlob("closed/app", CONTENT);
    }
    Set<RepositoryName> closed = Set.of(new RepositoryName("closed/app"));
    try (TestRegistry registry =
            TestRegistry.start(folder, new TestRegistry.ClosedTo(closed), Map.of());
        Client client = new Client(registry.uri())) {
      String blob = "/v2/closed/app/blobs/" + digest(CONTENT);
      assertChallenged(client.get("/v2/"));
      assertChallenged(client.get(blob));
      assertChallenged(client.delete(blob));
      assertChallenged(client.pushBlob("closed/app", utf8("new")));
      assertChallenged(client.post("/v2/closed/app/blobs/uploads/", new byte[0]));
      assertChallenged(client.get("/v2/closed/app/tags/list"));
      assertChallenged(client.get("/v2/closed/app/referrers/" + digest(CONTENT)));
      assertChallenged(client.get("/v2/closed/app/manifests/v1"));
      assertChallenged(client.delete("/v2/closed/app/manifests/v1"));
      assertChallenged(client.put("/v2/closed/app/manifests/v1", CONTENT));
      assertThat(client.head(blob).status()).isEqualTo(401);

      Response mount =
          client.post(
              "/v2/mine/blobs/uploads/?mount=" + digest(CONTENT) + "&from=closed/app", new byte[0]);
      assertThat(mount.status()).isEqualTo(202);
      assertThat(client.get("/v2/mine/blobs/" + digest(CONTENT)).status()).isEqualTo(404);
    }
  }

  private static void assertChallenged(Response response) {
    assertThat(response.status()).isEqualTo(401);
    assertThat(response.error()).isEqualTo("UNAUTHORIZED");
    assertThat(response.header("WWW-Authenticate")).startsWith("Bearer realm=");
    assertThat(response.header("Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
  }
}
