package dev.berth.registry.http;

import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.SpaceRules;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.collect.GarbageCollector;
import dev.berth.registry.metadata.Expiry;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.Removed.Back;
import dev.berth.registry.metadata.Removed.Nothing;
import dev.berth.registry.metadata.Removed.Taken;
import dev.berth.registry.metadata.RepositoryCatalog.Usage;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes when nothing refers to it any more, what stays, and how it comes back. */
class GarbageCollectionIT {
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration UNDO = Duration.ofHours(12);
  private static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();
  private TestRegistry registry;
  private Client client;
  private long sequence;

  @BeforeEach
  void start() {
    registry = TestRegistry.start(folder, clock, GRACE, UNDO);
    client = new Client(registry.uri());
    nothingRuns();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void whatADeletedImageAloneHadGoesAfterGraceAndUndo() throws IOException {
    String gone = client.pushImage("app", "v1", "layer one");
    client.pushImage("app", "v2", "layer two");

    assertThat(client.delete("/v2/app/manifests/" + digest(gone)).status()).isEqualTo(202);
    collect();

    assertThat(client.head("/v2/app/blobs/" + digest("layer one")).status()).isEqualTo(200);

    passes(GRACE);
    collect();

    assertThat(client.head("/v2/app/blobs/" + digest("layer one")).status()).isEqualTo(404);
    assertThat(file("layer one")).exists();

    passes(UNDO);
    collect();

    assertThat(file("layer one")).doesNotExist();
    assertThat(file(gone)).doesNotExist();
    assertThat(file("layer two")).exists();
    assertThat(client.get("/v2/app/manifests/v2").status()).isEqualTo(200);
    assertAccounting();
  }

  @Test
  void aBlobThatNoManifestFollowedGoes() throws IOException {
    client.pushBlob("app", utf8("alone"));

    passes(GRACE);
    collect();
    passes(UNDO);
    collect();

    assertThat(file("alone")).doesNotExist();
    assertThat(usage().physicalBytes()).isZero();
    assertThat(usage().logicalBytes()).isZero();
  }

  @Test
  void aBlobOfAnImageStaysHoweverLong() {
    client.pushImage("app", "v1", "layer");

    for (int i = 0; i < 4; i++) {
      passes(GRACE.plus(UNDO));
      collect();
    }

    assertThat(client.get("/v2/app/blobs/" + digest("layer")).status()).isEqualTo(200);
  }

  @Test
  void anImageThatATagLeftGoesAndATaggedOneStays() {
    String before = client.pushImage("app", "latest", "old layer");
    String kept = client.pushImage("app", "other", "kept layer");
    client.pushManifest("app", "second", IMAGE, kept);
    client.pushImage("app", "latest", "new layer");
    client.pushImage("app", "other", "newer layer");

    passes(GRACE);
    collect();

    assertThat(client.get("/v2/app/manifests/" + digest(before)).status()).isEqualTo(404);
    assertThat(client.get("/v2/app/manifests/second").body()).isEqualTo(utf8(kept));
  }

  @Test
  void anImageWithoutATagThatSomebodyPullsStaysForAnotherGrace() {
    String pulled = client.pushImage("app", "latest", "pulled layer");
    client.pushImage("app", "latest", "new layer");
    passes(GRACE.minusHours(1));
    assertThat(client.get("/v2/app/manifests/" + digest(pulled)).status()).isEqualTo(200);

    passes(Duration.ofHours(2));
    collect();

    assertThat(client.get("/v2/app/manifests/" + digest(pulled)).status()).isEqualTo(200);

    passes(GRACE);
    collect();

    assertThat(client.get("/v2/app/manifests/" + digest(pulled)).status()).isEqualTo(404);
  }

  @Test
  void anImageThatNeverHadATagIsNotACandidate() {
    String manifest = Client.imageOf("by digest");
    client.pushImage("app", "tagged", "by digest");
    client.pushManifest("other", digest(manifest), IMAGE, manifest);

    passes(GRACE.multipliedBy(10));
    collect();

    assertThat(client.get("/v2/other/manifests/" + digest(manifest)).status()).isEqualTo(200);
  }

  @Test
  void childrenOfALiveIndexStayAndThoseOfADeletedOneGo() {
    String child = client.pushImage("app", "child", "child layer");
    String index = index(child);
    client.pushManifest("app", "all", INDEX, index);
    client.delete("/v2/app/manifests/child");
    passes(GRACE);
    collect();

    assertThat(client.head("/v2/app/manifests/" + digest(child)).status()).isEqualTo(200);

    client.delete("/v2/app/manifests/" + digest(index));
    passes(GRACE.plus(Duration.ofMinutes(1)));
    collect();

    assertThat(client.head("/v2/app/manifests/" + digest(child)).status()).isEqualTo(404);
  }

  @Test
  void referrersGoWithTheirSubject() {
    String subject = client.pushImage("app", "v1", "subject layer");
    String signature = referrer(subject);
    client.pushBlob("app", utf8("{}"));
    client.pushManifest("app", digest(signature), IMAGE, signature);
    passes(GRACE);
    collect();

    assertThat(client.head("/v2/app/manifests/" + digest(signature)).status()).isEqualTo(200);

    client.delete("/v2/app/manifests/" + digest(subject));
    passes(GRACE.plus(Duration.ofMinutes(1)));
    collect();

    assertThat(client.head("/v2/app/manifests/" + digest(signature)).status()).isEqualTo(404);
  }

  @Test
  void whatPodsRunStaysUntilTheyDoNot() {
    String running = client.pushImage("app", "latest", "running layer");
    client.pushImage("app", "latest", "newer");
    runs(digest(running));

    passes(GRACE.multipliedBy(3));
    collect();

    assertThat(client.head("/v2/app/manifests/" + digest(running)).status()).isEqualTo(200);

    nothingRuns();
    passes(GRACE.plus(Duration.ofMinutes(1)));
    collect();
    passes(GRACE.plus(Duration.ofMinutes(1)));
    collect();

    assertThat(client.get("/v2/app/manifests/" + digest(running)).status()).isEqualTo(404);
  }

  @Test
  void aBlobThatAClientAskedForLatelyIsThereForItsManifest() {
    client.pushBlob("app", utf8("relied upon"));
    passes(GRACE.minusHours(1));
    assertThat(client.head("/v2/app/blobs/" + digest("relied upon")).status()).isEqualTo(200);

    passes(Duration.ofHours(2));
    collect();

    assertThat(client.head("/v2/app/blobs/" + digest("relied upon")).status()).isEqualTo(200);
  }

  @Test
  void aManifestTakesBackTheBlobsThatWereCollectedMeanwhile() {
    client.pushBlob("app", utf8("late layer"));
    client.pushBlob("app", utf8("{}"));
    passes(GRACE);
    collect();
    assertThat(client.head("/v2/app/blobs/" + digest("late layer")).status()).isEqualTo(404);

    Client.Response pushed = client.pushManifest("app", "v1", IMAGE, Client.imageOf("late layer"));

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(pushed.raw().headers().firstValue("Warning")).isEmpty();
    assertThat(client.get("/v2/app/blobs/" + digest("late layer")).status()).isEqualTo(200);
    assertAccounting();
  }

  @Test
  void aPushTakesBackWhatWasCollected() throws IOException {
    client.pushBlob("app", utf8("again"));
    passes(GRACE);
    collect();

    client.pushBlob("app", utf8("again"));
    passes(UNDO.plus(Duration.ofMinutes(1)));
    collect();

    assertThat(client.get("/v2/app/blobs/" + digest("again")).status()).isEqualTo(200);
    assertThat(file("again")).exists();
    assertAccounting();
  }

  @Test
  void aBlobOfTwoRepositoriesStaysWithOneOfThem() {
    String image = client.pushImage("app", "v1", "shared layer");
    client.pushImage("other", "v1", "shared layer");
    client.delete("/v2/app/manifests/" + digest(image));

    for (int i = 0; i < 3; i++) {
      passes(GRACE.plus(UNDO));
      collect();
    }

    assertThat(client.head("/v2/app/blobs/" + digest("shared layer")).status()).isEqualTo(404);
    assertThat(client.get("/v2/other/blobs/" + digest("shared layer")).status()).isEqualTo(200);
    assertAccounting();
  }

  @Test
  void aDeletedTagComesBackWithItsImage() {
    String image = client.pushImage("app", "v1", "precious");
    client.delete("/v2/app/manifests/v1");
    passes(UNDO.minusMinutes(1));
    collect();

    assertThat(restore("v1")).isEqualTo(new Back(List.of("v1")));

    assertThat(client.get("/v2/app/manifests/v1").body()).isEqualTo(utf8(image));
    assertThat(client.get("/v2/app/blobs/" + digest("precious")).status()).isEqualTo(200);
    assertThat(restore("v1")).isInstanceOf(Nothing.class);
  }

  @Test
  void aCollectedImageComesBackByItsDigest() {
    String image = client.pushImage("app", "v1", "collected");
    client.delete("/v2/app/manifests/v1");
    passes(GRACE);
    collect();
    assertThat(client.get("/v2/app/manifests/" + digest(image)).status()).isEqualTo(404);

    assertThat(metadata().removed().restore(new RepositoryName("app"), Digest.parse(digest(image))))
        .isEqualTo(new Back(List.of(digest(image))));

    assertThat(client.get("/v2/app/manifests/" + digest(image)).body()).isEqualTo(utf8(image));
  }

  @Test
  void aDeletedImageComesBackWithItsTags() {
    String image = client.pushImage("app", "v1", "precious");
    client.pushManifest("app", "latest", IMAGE, image);
    client.delete("/v2/app/manifests/" + digest(image));

    assertThat(metadata().removed().restore(new RepositoryName("app"), Digest.parse(digest(image))))
        .isEqualTo(new Back(List.of(digest(image), "latest", "v1")));

    assertThat(client.get("/v2/app/manifests/latest").body()).isEqualTo(utf8(image));
    assertAccounting();
  }

  @Test
  void aTagThatNamesSomethingElseByNowStays() {
    client.pushImage("app", "v1", "first");
    client.delete("/v2/app/manifests/v1");
    String second = client.pushImage("app", "v1", "second");

    assertThat(restore("v1")).isEqualTo(new Taken(Digest.parse(digest(second))));
  }

  @Test
  void whatIsBeyondUndoDoesNotComeBack() {
    client.pushImage("app", "v1", "late");
    client.delete("/v2/app/manifests/v1");
    passes(GRACE);
    collect();
    passes(UNDO);
    collect();

    assertThat(restore("v1")).isInstanceOf(Nothing.class);
  }

  @Test
  void aDeletedRepositoryIsGoneAtOnceAndAnotherOfItsNameIsANewOne() {
    client.pushImage("app", "v1", "of the first life");
    String first = metadata().find(new RepositoryName("app")).orElseThrow().uid();

    assertThat(metadata().delete(new RepositoryName("app"))).isTrue();

    assertThat(client.get("/v2/app/tags/list").status()).isEqualTo(404);
    assertThat(client.get("/v2/app/manifests/v1").status()).isEqualTo(404);
    assertThat(client.head("/v2/app/blobs/" + digest("of the first life")).status()).isEqualTo(404);

    client.pushImage("app", "v2", "of the second life");

    assertThat(metadata().find(new RepositoryName("app")).orElseThrow().uid()).isNotEqualTo(first);
    assertThat(client.get("/v2/app/manifests/v1").status()).isEqualTo(404);
    assertAccounting();
  }

  @Test
  void aDeletedRepositoryComesBackWhole() {
    String image = client.pushImage("app", "v1", "whole");
    metadata().delete(new RepositoryName("app"));

    assertThat(metadata().removed().restore(new RepositoryName("app"), null))
        .isInstanceOf(Back.class);

    assertThat(client.get("/v2/app/manifests/v1").body()).isEqualTo(utf8(image));
    assertThat(client.get("/v2/app/blobs/" + digest("whole")).status()).isEqualTo(200);
    assertAccounting();
  }

  @Test
  void aLayerThatSomebodyDeletedDoesNotComeBackWithItsRepository() {
    String image = client.pushImage("app", "v1", "a secret");
    assertThat(client.delete("/v2/app/blobs/" + digest("a secret")).status()).isEqualTo(202);
    metadata().delete(new RepositoryName("app"));

    metadata().removed().restore(new RepositoryName("app"), null);

    assertThat(client.get("/v2/app/manifests/v1").body()).isEqualTo(utf8(image));
    assertThat(client.get("/v2/app/blobs/" + digest("a secret")).status()).isEqualTo(404);
    assertAccounting();
  }

  @Test
  void aTagThatComesBackWithItsRepositoryIsAsOldAsItWas() {
    client.pushImage("app", "v1", "one");
    assertThat(client.delete("/v2/app/manifests/v1").status()).isEqualTo(202);
    passes(Duration.ofHours(1));
    client.pushImage("app", "v1", "one");
    Instant pushed = clock.instant();
    passes(Duration.ofHours(1));
    metadata().delete(new RepositoryName("app"));

    metadata().removed().restore(new RepositoryName("app"), null);

    assertThat(pushedAt("app")).containsExactly(Map.entry("v1", pushed));
  }

  @Test
  void aDeletedRepositoryLeavesNothingBehind() throws IOException {
    client.pushImage("app", "v1", "all of it");
    metadata().delete(new RepositoryName("app"));

    passes(UNDO);
    collect();

    assertThat(file("all of it")).doesNotExist();
    assertThat(usage()).isEqualTo(new Usage(0, 0, 0, 0, 0));
  }

  @Test
  void aPushThatBeganBeforeItsRepositoryWasDeletedEndsWithAWholeImage() {
    client.pushBlob("app", utf8("pushed before"));
    client.pushBlob("app", utf8("{}"));
    metadata().delete(new RepositoryName("app"));

    Client.Response pushed =
        client.pushManifest("app", "v1", IMAGE, Client.imageOf("pushed before"));

    assertThat(pushed.status()).isEqualTo(201);
    assertThat(client.get("/v2/app/manifests/v1").status()).isEqualTo(200);
    assertThat(client.get("/v2/app/blobs/" + digest("pushed before")).status()).isEqualTo(200);
    assertAccounting();
  }

  @Test
  void whatCanBeTakenBackAndWhatWillBeIsCounted() {
    String image = client.pushImage("app", "v1", "0123456789");
    client.delete("/v2/app/manifests/" + digest(image));

    assertThat(metadata().collection().summary().quarantinedBytes()).isEqualTo(image.length());
    assertThat(metadata().collection().summary().reclaimableBytes())
        .isEqualTo(image.length() + 10L + 2);
  }

  private Object restore(String tag) {
    return metadata().removed().restore(new RepositoryName("app"), new Tag(tag));
  }

  /** Of each tag, as retention has it. */
  private Map<String, Instant> pushedAt(String repository) {
    Map<String, Instant> times = new HashMap<>();
    metadata()
        .expiry()
        .read(
            new RepositoryName(repository),
            new Expiry.Reader() {
              @Override
              public void tag(String name, Digest digest, Instant at, @Nullable Instant pulledAt) {
                times.put(name, at);
              }

              @Override
              public void manifest(
                  Digest digest,
                  Instant at,
                  @Nullable Instant pulledAt,
                  @Nullable Instant unreferencedAt,
                  @Nullable Digest subject) {}

              @Override
              public void child(Digest index, Digest child) {}
            });
    return times;
  }

  private void collect() {
    registry.bean(GarbageCollector.class).run();
  }

  private void passes(Duration time) {
    clock.move(time);
  }

  private MetadataStore metadata() {
    return registry.bean(MetadataStore.class);
  }

  private Usage usage() {
    return metadata().usage();
  }

  private void nothingRuns() {
    runs();
  }

  private void runs(String... digests) {
    registry.offer(++sequence, SpaceRules.NONE.withRunning(new TreeSet<>(List.of(digests))));
  }

  /** What is counted on the way is what is there. */
  private void assertAccounting() {
    long files;
    try (Stream<Path> all = Files.walk(folder.resolve("data/docker"))) {
      files = all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(usage().physicalBytes()).isEqualTo(files);
    assertThat(usage().logicalBytes()).isEqualTo(StoredContent.heldBytes(folder.resolve("data")));
  }

  private Path file(String content) {
    String hex = digest(content).substring("sha256:".length());
    return folder
        .resolve("data/docker/registry/v2/blobs/sha256")
        .resolve(hex.substring(0, 2))
        .resolve(hex)
        .resolve("data");
  }

  private static String index(String child) {
    return """
        {"schemaVersion":2,"mediaType":"%s","manifests":[%s]}"""
        .formatted(INDEX, Client.descriptor(IMAGE, child));
  }

  private static String referrer(String subject) {
    return """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"application/x.signature",\
        "config":%s,"layers":[],"subject":%s}"""
        .formatted(
            IMAGE,
            Client.descriptor("application/vnd.oci.empty.v1+json", "{}"),
            Client.descriptor(IMAGE, subject));
  }
}
