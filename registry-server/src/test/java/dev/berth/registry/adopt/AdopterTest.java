package dev.berth.registry.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.filesystem.FilesystemBlobStore;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.config.TestConfigurations;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.metadata.Adoption.Progress;
import dev.berth.registry.metadata.Manifests.Referrer;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.RepositoryCatalog.Usage;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ManifestReader;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of a tree of files as distribution leaves it. */
class AdopterTest {
  private static final RepositoryName APP = new RepositoryName("team/app");

  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock();
  private final List<Problem> skipped = new ArrayList<>();
  private TestVolume volume;
  private MetadataStore metadata;

  @BeforeEach
  void open() throws IOException {
    volume = new TestVolume(folder.resolve("data"));
    metadata = SqlMetadataStore.sqlite(folder.resolve("berth.db"), clock, 8);
    Files.createDirectories(volume.registry.resolve("repositories"));
  }

  @AfterEach
  void close() {
    metadata.close();
  }

  private Progress adopt(boolean all) throws IOException {
    skipped.clear();
    metadata.adoption().begin(all);
    adopter()
        .run(
            new Adopter.Watcher() {
              @Override
              public void skipped(Problem problem) {
                skipped.add(problem);
              }

              @Override
              public void advanced() {}
            });
    return metadata.adoption().progress(20);
  }

  private Adopter adopter() throws IOException {
    RegistryConfiguration minimal = TestConfigurations.over(folder.resolve("data"));
    return new Adopter(
        metadata,
        new FilesystemBlobStore(volume.root, new RunningHashes()),
        new ManifestReader(100),
        minimal);
  }

  @Test
  void imagesAreThereByTagAndDigestWithTheirBlobsAndCounted() throws IOException {
    Digest image = volume.image("team/app", "layer one", "layer two");
    volume.tag("team/app", "v1", image);
    Digest same = volume.image("team/app/deeper", "layer one");
    volume.tag("team/app/deeper", "latest", same);
    Map<String, String> before = volume.files();

    Progress progress = adopt(false);

    assertThat(progress).isEqualTo(new Progress(Adoption.State.DONE, 2, 2, 2, 2, 5, 0, List.of()));
    assertThat(metadata.manifests().find(APP, new Tag("v1")))
        .isEqualTo(metadata.manifests().find(APP, image))
        .hasValueSatisfying(found -> assertThat(found.digest()).isEqualTo(image));
    assertThat(metadata.blobs().find(APP, TestVolume.digest("layer two")))
        .hasValueSatisfying(
            held -> {
              assertThat(held.size()).isEqualTo("layer two".length());
              assertThat(held.unreferencedAt()).isNull();
            });
    Usage usage = metadata.usage();
    assertThat(usage.physicalBytes()).isEqualTo(sizeOfBlobs());
    assertThat(usage.logicalBytes()).isEqualTo(sizeOfBlobs() + "layer one".length());
    assertThat(usage.repositories()).isEqualTo(2);
    assertThat(volume.files()).isEqualTo(before);
  }

  private long sizeOfBlobs() throws IOException {
    try (Stream<Path> all = Files.walk(volume.registry.resolve("blobs"))) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void indexesArtifactsAndManifestsWithoutAMediaTypeAreUnderstood() throws IOException {
    Digest image = volume.image("team/app", "layer");
    Digest index =
        volume.manifest(
            "team/app",
            "{\"schemaVersion\": 2, \"manifests\": [%s]}"
                .formatted(
                    TestVolume.descriptor("application/vnd.oci.image.manifest.v1+json", image, 1)));
    Digest config = volume.layer("team/app", "{}");
    Digest signature =
        volume.manifest(
            "team/app",
            "{\"schemaVersion\": 2, \"config\": %s, \"layers\": [], \"subject\": %s}"
                .formatted(
                    TestVolume.descriptor("application/vnd.example.signature", config, 2),
                    TestVolume.descriptor("application/vnd.oci.image.manifest.v1+json", image, 1)));

    adopt(false);

    assertThat(skipped).isEmpty();
    assertThat(metadata.manifests().find(APP, index).orElseThrow().mediaType())
        .isEqualTo("application/vnd.oci.image.index.v1+json");
    assertThat(metadata.manifests().referrers(APP, image, null, null, 10).entries())
        .extracting(Referrer::digest, Referrer::artifactType)
        .containsExactly(tuple(signature, "application/vnd.example.signature"));
  }

  @Test
  void whatIsBrokenIsReportedAndSkippedAndTheRestIsTakenOver() throws IOException {
    Digest good = volume.image("team/app", "good");
    volume.tag("team/app", "good", good);
    Digest gone = volume.layer("team/app", "gone");
    Files.delete(volume.blob(gone));
    Digest damaged = volume.image("team/app", "damaged");
    Files.writeString(volume.blob(damaged), Files.readString(volume.blob(damaged)) + " ");
    volume.tag("team/app", "damaged", damaged);
    Digest old = volume.manifest("team/app", "{\"schemaVersion\": 1, \"name\": \"team/app\"}");
    Digest text = volume.manifest("team/app", "no manifest");
    Digest large = volume.manifest("team/app", "{\"a\": \"" + "x".repeat(5000) + "\"}");
    TestVolume.link(volume.repository("team/app").resolve("_manifests/tags/empty/current"), "");
    TestVolume.link(
        volume.repository("team/app").resolve("_manifests/tags/garbled/current"), "sha256:xyz");
    volume.tag("team/app", ".bad", good);
    Digest other = TestVolume.digest("other");
    TestVolume.link(
        volume.repository("team/app").resolve("_layers/sha256/" + other.hex()), good.toString());
    Path foreign = Files.createDirectories(folder.resolve("foreign/_layers"));
    Files.createSymbolicLink(volume.repository("linked"), foreign.getParent());
    Digest through = volume.layer("team/app", "through");
    Files.move(volume.blob(through), folder.resolve("elsewhere"));
    Files.createSymbolicLink(volume.blob(through), folder.resolve("elsewhere"));
    volume.layer("Team/app", "capital");

    Progress progress = adopt(false);

    assertThat(skipped)
        .extracting(problem -> problem.path().replaceAll("[0-9a-f]{64}", "X"))
        .containsExactlyInAnyOrder(
            "repositories/Team",
            "repositories/linked",
            "repositories/team/app/_layers/sha256/X/link",
            "repositories/team/app/_layers/sha256/X/link",
            "repositories/team/app/_layers/sha256/X/link",
            "repositories/team/app/_manifests/revisions/sha256/X/link",
            "repositories/team/app/_manifests/revisions/sha256/X/link",
            "repositories/team/app/_manifests/revisions/sha256/X/link",
            "repositories/team/app/_manifests/revisions/sha256/X/link",
            "repositories/team/app/_manifests/tags/.bad/current/link",
            "repositories/team/app/_manifests/tags/damaged/current/link",
            "repositories/team/app/_manifests/tags/empty/current/link",
            "repositories/team/app/_manifests/tags/garbled/current/link");
    assertThat(reason(gone)).contains("which is not stored");
    assertThat(reason(through)).contains("no regular file");
    assertThat(reason(other)).contains("its folder another digest");
    assertThat(reason(damaged)).contains("bytes have another digest");
    assertThat(reason(old)).contains("schemaVersion must be the number 2");
    assertThat(reason(text)).contains("not JSON");
    assertThat(reason(large)).contains("limits.manifestBytes");
    assertThat(progress.skipped()).isEqualTo(13);
    assertThat(progress.problems()).containsExactlyInAnyOrderElementsOf(skipped);
    assertThat(metadata.manifests().tags(APP, null, 10)).containsExactly("good");
    assertThat(metadata.names("", "", false, 10)).containsExactly("team/app");
  }

  private String reason(Digest digest) {
    return skipped.stream()
        .filter(problem -> problem.path().contains(digest.hex()))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  @Test
  void whatDistributionDeletedIsNotReported() throws IOException {
    Digest image = volume.image("team/app", "layer");
    volume.tag("team/app", "v1", image);
    Digest deleted = volume.image("team/app", "deleted");
    Files.delete(volume.revision("team/app", deleted).resolve("link"));
    Files.createDirectories(volume.repository("team/empty/_uploads"));

    adopt(false);

    assertThat(skipped).isEmpty();
    assertThat(metadata.manifests().find(APP, deleted)).isEmpty();
    assertThat(metadata.names("", "", false, 10)).containsExactly("team/app");
  }

  @Test
  void pushesAreAsOldAsTheirLinksAndNothingIsCollectedForNeverHavingHadATag() throws IOException {
    Digest untagged = volume.image("team/app", "layer");
    Digest orphan = volume.layer("team/app", "an orphan");
    adopt(false);
    clock.move(Duration.ofDays(400));

    Instant since = clock.instant();
    var manifests = metadata.collection().lookAtManifests(since, _ -> false, 100);
    var blobs = metadata.collection().lookAtBlobs(since, 100);

    assertThat(manifests.looked() + blobs.looked()).isZero();
    assertThat(metadata.manifests().find(APP, untagged)).isPresent();
    assertThat(metadata.blobs().size(APP, orphan)).isPresent();
    assertThat(metadata.collection().unnamed(10)).isEmpty();
  }

  @Test
  void twiceIsHarmless() throws IOException {
    Digest image = volume.image("team/app", "layer");
    volume.tag("team/app", "v1", image);
    volume.tag("team/app", "v2", image);
    volume.tag("team/app", "v3", image);
    Progress first = adopt(false);
    Digest newer = volume.image("team/app", "pushed to the new registry");
    metadata
        .manifests()
        .put(
            metadata.find(APP).orElseThrow(),
            newer,
            Files.size(volume.blob(newer)),
            new ManifestReader(10).read(Files.readAllBytes(volume.blob(newer))),
            Set.of(new Tag("v1")),
            _ -> false);
    metadata.manifests().delete(APP, new Tag("v2"), _ -> false);
    Usage usage = metadata.usage();
    clock.move(Duration.ofDays(1));

    Progress second = adopt(false);

    assertThat(second.tags()).isEqualTo(first.tags());
    assertThat(metadata.manifests().tags(APP, null, 10)).containsExactly("v1", "v3");
    assertThat(metadata.manifests().find(APP, new Tag("v1")).orElseThrow().digest())
        .isEqualTo(newer);
    assertThat(metadata.usage()).isEqualTo(usage);

    clock.move(Duration.ofDays(3));
    metadata.collection().forget(clock.instant(), digest -> false, 100);
    adopt(false);
    assertThat(metadata.manifests().tags(APP, null, 10)).containsExactly("v1", "v3");

    adopt(true);
    assertThat(metadata.manifests().tags(APP, null, 10)).containsExactly("v1", "v2", "v3");
  }

  @Test
  void whatWasMendedIsTakenOverByTheNextOne() throws IOException {
    Digest image = volume.image("team/app", "layer");
    volume.tag("team/app", "v1", image);
    String content = Files.readString(volume.blob(image));
    Files.delete(volume.blob(image));
    assertThat(adopt(false).skipped()).isEqualTo(2);

    volume.store(content);
    clock.move(Duration.ofDays(1));
    Progress mended = adopt(false);

    assertThat(skipped).isEmpty();
    assertThat(mended.skipped()).isZero();
    assertThat(metadata.manifests().find(APP, new Tag("v1"))).isPresent();
  }

  @Test
  void onlyOneThatBrokeOffGoesOn() throws IOException {
    for (int i = 0; i < 5; i++) {
      volume.tag("team/app-" + i, "v1", volume.image("team/app-" + i, "layer " + i));
    }
    Adopter first = adopter();
    metadata.adoption().begin(false);
    first.run(
        new Adopter.Watcher() {
          @Override
          public void skipped(Problem problem) {}

          @Override
          public void advanced() {
            if (metadata.adoption().progress(0).repositoriesDone() == 2) {
              first.stop();
            }
          }
        });
    assertThat(metadata.adoption().progress(0))
        .isEqualTo(new Progress(Adoption.State.RUNNING, 5, 2, 2, 2, 4, 0, List.of()));

    Progress all = adopt(false);

    assertThat(all).isEqualTo(new Progress(Adoption.State.DONE, 5, 5, 5, 5, 10, 0, List.of()));
  }
}
