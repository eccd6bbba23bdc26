package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.policy.Quota;
import dev.berth.policy.SpaceRules;
import dev.berth.policy.Visibility;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.metadata.MetadataStore;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much may be pushed, and what is said when it is too much. */
class QuotaIT extends RegistryTest {
  private static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
  private long sequence;

  @BeforeEach
  void givenLimits() {
    offer(
        null,
        repository("small/**", new Quota(1000L, null, null, null)),
        repository("small/other", null),
        repository("crowd/**", new Quota(1000L, null, null, null)),
        repository("whole", new Quota(1000L, null, null, null)),
        repository("tags", new Quota(null, 2, null, null)),
        repository("manifests", new Quota(null, null, 300L, null)),
        repository("images", new Quota(null, null, null, 2000L)));
  }

  @Test
  void bytesThatDoNotFitAreRefusedWithTheQuotaAndItsSource() {
    assertThat(client.pushBlob("small/a", bytes(600, 1)).status()).isEqualTo(201);

    Client.Response refused = client.pushBlob("small/b", bytes(600, 2));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(new String(refused.body(), UTF_8))
        .contains("DENIED", "quota.storage of Repository team/small is 1000 B", "1.2 KiB");
    assertThat(client.pushBlob("small/other", bytes(600, 2)).status()).isEqualTo(201);
  }

  @Test
  void whatTheRepositoryHoldsCostsNothing() {
    byte[] content = bytes(900, 3);
    assertThat(client.pushBlob("whole", content).status()).isEqualTo(201);

    assertThat(client.pushBlob("whole", content).status()).isEqualTo(201);
    assertThat(client.pushBlob("whole", bytes(200, 4)).status()).isEqualTo(403);
  }

  @Test
  void aStreamOfUnknownLengthIsRefusedAtItsEndAndLeavesNothing() {
    byte[] content = bytes(2000, 5);
    String session = client.startUpload("streamed");
    offer(null, repository("streamed", new Quota(1000L, null, null, null)));
    Client.Response patched =
        client.send(
            "PATCH",
            session,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)),
            "Content-Type",
            "application/octet-stream");
    assertThat(patched.status()).isEqualTo(202);
    String next = patched.raw().headers().firstValue("Location").orElseThrow();
    long stored = registry.bean(MetadataStore.class).usage().physicalBytes();

    Client.Response refused = client.put(next + "?digest=" + digest(content), new byte[0]);
    registry.bean(GarbageCollector.class).run();

    assertThat(refused.status()).isEqualTo(403);
    assertThat(client.head("/v2/streamed/blobs/" + digest(content)).status()).isEqualTo(404);
    assertThat(registry.bean(MetadataStore.class).usage().physicalBytes()).isEqualTo(stored);
  }

  @Test
  void manyAtOnceGetNoMoreThanFits() throws Exception {
    List<Future<Integer>> pushes = new ArrayList<>();
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        byte[] content = bytes(100, 100 + i);
        String repository = "crowd/r" + i % 4;
        pushes.add(workers.submit(() -> client.pushBlob(repository, content).status()));
      }
    }

    List<Integer> answers = new ArrayList<>();
    for (Future<Integer> push : pushes) {
      answers.add(push.get());
    }
    assertThat(Collections.frequency(answers, 201)).isEqualTo(10);
    assertThat(Collections.frequency(answers, 403)).isEqualTo(6);
  }

  @Test
  void aTagTooManyIsRefusedAndOneThatMovesIsNot() {
    client.pushImage("tags", "v1", "one");
    client.pushImage("tags", "v2", "two");
    String third = Client.imageOf("two");

    Client.Response refused = client.pushManifest("tags", "v3", IMAGE, third);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(new String(refused.body(), UTF_8))
        .contains("there would be 3 tags, and quota.tags of Repository team/tags is 2");
    assertThat(client.pushManifest("tags", "v1", IMAGE, third).status()).isEqualTo(201);
  }

  @Test
  void aManifestThatIsTooLargeIsRefused() {
    client.pushBlob("manifests", utf8("layer"));

    Client.Response refused =
        client.pushManifest("manifests", "v1", IMAGE, Client.imageOf("layer"));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(new String(refused.body(), UTF_8))
        .contains("quota.manifestSize of Repository team/manifests is 300 B");
  }

  @Test
  void anImageIsAsLargeAsAllThatItRefersTo() {
    String large = "x".repeat(3000);
    client.pushBlob("images", utf8(large));
    client.pushBlob("images", utf8("{}"));

    Client.Response refused = client.pushManifest("images", "v1", IMAGE, Client.imageOf(large));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(new String(refused.body(), UTF_8))
        .contains("quota.imageSize of Repository team/images is 2 KiB");
    client.pushImage("images", "v1", "small enough");
    assertThat(client.get("/v2/images/manifests/v1").status()).isEqualTo(200);
  }

  @Test
  void theRegistryCountsEachContentOnce() {
    client.pushBlob("somewhere", bytes(500, 7));
    long stored = registry.bean(MetadataStore.class).usage().physicalBytes();
    offer(stored + 100);

    assertThat(client.pushBlob("somewhere", bytes(200, 8)).status()).isEqualTo(403);
    Client.Response mounted =
        client.post(
            "/v2/elsewhere/blobs/uploads/?from=somewhere&mount=" + digest(bytes(500, 7)),
            new byte[0]);
    assertThat(mounted.status()).isEqualTo(201);
  }

  @Test
  void whoeverPushesHearsThatLittleIsLeft() {
    offer(null, repository("nearly", new Quota(1000L, null, null, null)));

    assertThat(client.pushBlob("nearly", bytes(800, 9)).raw().headers().firstValue("Warning"))
        .isEmpty();
    assertThat(client.pushBlob("nearly", bytes(150, 10)).raw().headers().firstValue("Warning"))
        .hasValueSatisfying(
            text -> assertThat(text).contains("299", "950 B of 1000 B", "Repository team/nearly"));
  }

  private void offer(@Nullable Long registryBytes, DeclaredRepository... repositories) {
    registry.offer(
        ++sequence,
        new SpaceRules(registryBytes, null, null, Collections.emptySortedSet(), null),
        repositories);
  }

  private static DeclaredRepository repository(String path, @Nullable Quota quota) {
    return new DeclaredRepository(
        "team/" + path.replace("/**", ""),
        new PathPattern(path),
        Visibility.PRIVATE,
        List.of(),
        List.of(),
        quota,
        null);
  }

  private static byte[] bytes(int count, long seed) {
    byte[] content = new byte[count];
    new Random(seed).nextBytes(content);
    return content;
  }
}
