package dev.berth.registry.fsck;

import static dev.berth.registry.fsck.CheckedRegistry.digest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.fsck.CheckedRegistry.Checked;
import dev.berth.registry.fsck.Finding.Kind;
import dev.berth.registry.metadata.Manifests.Stored;
import dev.berth.registry.metadata.Mending;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of damage: what is said of it, what is done about it, and that it is over then. */
class StorageCheckTest {
  private static final RepositoryName APP = new RepositoryName("team/app");

  @TempDir private Path folder;
  private CheckedRegistry registry;

  @BeforeEach
  void givenTwoImages() throws IOException {
    registry = new CheckedRegistry(folder);
    registry.pushImage("team/app", "v1", "layer one");
    registry.pushImage("team/other", "v2", "layer two");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void nothingIsFoundInARegistryThatWasOnlyUsed() throws Exception {
    // Given
    registry.metadata.manifests().delete(APP, new Tag("v1"), _ -> false);
    registry.pushBlob("team/app", "of no image");
    registry.pushImage("team/app", "v3", "layer two");
    registry.clock.move(Duration.ofDays(3));
    registry.metadata.collection().lookAtManifests(registry.clock.instant(), _ -> false, 100);
    registry.metadata.collection().lookAtBlobs(registry.clock.instant(), 100);
    registry.metadata.delete(new RepositoryName("team/other"));
    registry.metadata.collection().forget(registry.clock.instant(), digest -> false, 100);

    // When
    Checked checked = registry.lookLater();

    // Then
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.summary().contents()).isEqualTo(5);
    assertThat(checked.summary().hashedBytes()).isPositive();
  }

  @Test
  void contentWithoutAFileIsTakenOutOfServiceUntilItIsPushedAgain() throws Exception {
    // Given
    Digest layer = digest("layer one");
    Files.delete(registry.file(layer));

    // When
    Finding finding = onlyFinding(registry.look());

    // Then
    assertThat(finding.kind()).isEqualTo(Kind.CONTENT_MISSING);
    assertThat(finding.subject()).isEqualTo(layer.toString());
    assertThat(finding.users()).containsExactly("team/app:v1");
    assertThat(finding.done()).isEmpty();

    // When
    assertThat(onlyFinding(registry.repair()).done()).contains("404", "pushed again");

    // Then
    assertThat(registry.metadata.blobs().find(APP, layer)).isEmpty();
    assertThat(registry.metadata.blobs().isLost(APP, layer)).isTrue();
    assertThat(registry.look().findings()).isEmpty();
    assertThat(registry.look().summary().lost()).isEqualTo(1);

    // When
    registry.pushBlob("elsewhere", "layer one");

    // Then
    assertThat(registry.metadata.blobs().size(APP, layer)).hasValue(9);
    assertThat(registry.look().findings()).isEmpty();
    assertThat(registry.look().summary().lost()).isZero();
  }

  @Test
  void corruptContentIsMovedAsideAndAPushOfItHealsEveryImage() throws Exception {
    // Given
    Digest layer = digest("layer one");
    registry.damage("layer one", "layer 0ne");

    // When
    Finding finding = onlyFinding(registry.repair());

    // Then
    assertThat(finding.kind()).isEqualTo(Kind.CONTENT_CORRUPT);
    assertThat(finding.users()).containsExactly("team/app:v1");
    assertThat(registry.file(layer)).doesNotExist();
    assertThat(quarantined()).containsExactly("layer 0ne");
    assertThat(registry.metadata.blobs().find(APP, layer)).isEmpty();
    assertThat(registry.look().findings()).isEmpty();

    // When
    registry.pushImage("team/app", "v1", "layer one");

    // Then
    assertThat(registry.metadata.blobs().size(APP, layer)).hasValue(9);
    assertThat(Files.readString(registry.file(layer))).isEqualTo("layer one");
    assertThat(registry.look().findings()).isEmpty();
    assertThat(quarantined()).containsExactly("layer 0ne");
  }

  @Test
  void aCorruptManifestIsNotServedByTagNorDigestAndItsTagStays() throws Exception {
    // Given
    Digest manifest = digest("manifest of layer one");
    registry.damage("manifest of layer one", "manifest of nothing!!");

    // When
    assertThat(onlyFinding(registry.repair()).users()).containsExactly("team/app:v1");

    // Then
    assertThat(registry.metadata.manifests().find(APP, new Tag("v1"))).isEmpty();
    assertThat(registry.metadata.manifests().find(APP, manifest)).isEmpty();
    assertThat(registry.metadata.manifests().lost(APP, new Tag("v1"))).contains(manifest);
    assertThat(registry.metadata.manifests().tags(APP, null, 10)).containsExactly("v1");

    // When
    registry.pushImage("team/app", "v1", "layer one");

    // Then
    assertThat(registry.metadata.manifests().find(APP, new Tag("v1")).map(Stored::digest))
        .contains(manifest);
    assertThat(registry.look().findings()).isEmpty();
  }

  @Test
  void aTruncatedFileIsFoundWithoutReadingEverything() throws Exception {
    // Given
    registry.damage("layer one", "layer");
    registry.damage("layer two", "LAYER TWO");

    // When
    Checked quick = registry.look(false);
    Checked whole = registry.look(true);

    // Then
    assertThat(onlyFinding(quick).detail()).contains("it has 5 bytes instead of 9");
    assertThat(quick.summary().hashedBytes()).isEqualTo(5);
    assertThat(whole.kinds()).containsExactly(Kind.CONTENT_CORRUPT, Kind.CONTENT_CORRUPT);
  }

  @Test
  void aRowThatIsWrongAboutTheSizeIsCorrectedWithAllCounts() throws Exception {
    // Given
    registry.sql("update blobs set size = 1000 where digest = '" + digest("layer one") + "'");

    // When
    Checked found = registry.look(false);
    registry.repair();

    // Then
    assertThat(found.kinds()).containsExactly(Kind.SIZE_WRONG, Kind.COUNT_WRONG, Kind.COUNT_WRONG);
    assertThat(registry.metadata.blobs().size(APP, digest("layer one"))).hasValue(9);
    assertThat(registry.look().findings()).isEmpty();
  }

  @Test
  void bytesThatCameBackAreGivenOutAgain() throws Exception {
    // Given
    Digest layer = digest("layer one");
    Path elsewhere = Files.move(registry.file(layer), folder.resolve("elsewhere"));
    registry.repair();
    Files.move(elsewhere, registry.file(layer));

    // When
    Finding finding = onlyFinding(registry.repair());

    // Then
    assertThat(finding.kind()).isEqualTo(Kind.CONTENT_FOUND);
    assertThat(registry.metadata.blobs().size(APP, layer)).hasValue(9);
    assertThat(registry.look().findings()).isEmpty();
  }

  @Test
  void aFileThatNoRowNamesIsMovedAsideOnceNoPushCanBeInFlight() throws Exception {
    // Given
    Digest orphan = registry.storeAlone("orphan");

    // When
    Checked young = registry.repair();

    // Then
    assertThat(young.findings()).isEmpty();
    assertThat(young.summary().inFlight()).isEqualTo(1);
    assertThat(registry.file(orphan)).exists();

    // When
    Finding finding = onlyFinding(registry.repairLater());

    // Then
    assertThat(finding.kind()).isEqualTo(Kind.FILE_ORPHANED);
    assertThat(registry.file(orphan)).doesNotExist();
    assertThat(quarantined()).containsExactly("orphan");
    assertThat(registry.lookLater().findings()).isEmpty();
  }

  @Test
  void filesOfImagesThatMayStillBeImportedStayWhereTheyAre() throws Exception {
    // Given
    Digest orphan = registry.storeAlone("of another registry");
    Files.createDirectories(registry.data.resolve("docker/registry/v2/repositories/app"));

    // When
    Finding finding = onlyFinding(registry.repairLater());

    // Then
    assertThat(finding.detail()).contains("may be imported yet");
    assertThat(finding.done()).isEmpty();
    assertThat(registry.file(orphan)).exists();
  }

  @Test
  void countsThatAreWrongAreCountedAnew() throws Exception {
    // Given
    registry.sql("update storage_usage set bytes = bytes + 5");
    registry.sql("delete from repository_usage");

    // When
    Checked found = registry.look();
    Checked repaired = registry.repair();

    // Then
    assertThat(found.kinds()).containsOnly(Kind.COUNT_WRONG);
    assertThat(found.findings())
        .extracting(Finding::subject)
        .containsExactly("the whole registry", "team/app", "team/other");
    assertThat(found.findings().getLast().detail())
        .isEqualTo("counted as 0 bytes, and there are " + ("manifest of ".length() + 2 * 9));
    assertThat(repaired.summary().mended()).isEqualTo(3);
    assertThat(registry.look().findings()).isEmpty();
    assertThat(registry.metadata.usage().physicalBytes()).isEqualTo(2 * (12 + 2 * 9));
  }

  @Test
  void contentThatNothingWouldEverDeleteIsGivenToTheCollector() throws Exception {
    // Given
    Digest alone = registry.pushBlob("team/app", "of no image");
    registry.sql("update repository_blobs set unreferenced_at = null");
    for (String table :
        List.of(
            "tags", "manifest_references", "manifests", "repository_blobs", "repository_usage")) {
      registry.sql(
          "delete from "
              + table
              + " where repository in (select uid from repositories where name = 'team/other')");
    }

    // When
    Checked found = registry.look();
    registry.repair();

    // Then
    assertThat(found.kinds())
        .containsExactly(Kind.SPACE_FORGOTTEN, Kind.SPACE_FORGOTTEN, Kind.SPACE_FORGOTTEN);
    assertThat(found.findings().getLast().subject()).isEqualTo(alone.toString());
    assertThat(registry.look().findings()).isEmpty();
    assertThat(registry.metadata.collection().unnamed(10))
        .containsExactlyInAnyOrder(digest("layer two"), digest("manifest of layer two"));
  }

  @Test
  void rowsThatNameNothingAreTakenAwayAndContentWithoutARowHasOneAgain() throws Exception {
    // Given
    registry.sql("delete from blobs where digest = '" + digest("layer one") + "'");
    registry.sql("delete from manifests where digest = '" + digest("manifest of layer two") + "'");

    // When
    Checked found = registry.look();
    registry.repair();
    registry.repair();

    // Then
    assertThat(found.findings())
        .filteredOn(finding -> finding.kind() == Kind.ROWS_BROKEN)
        .extracting(Finding::subject)
        .containsExactly("manifest_references", "repository_blobs", "tags");
    assertThat(registry.metadata.blobs().size(APP, digest("layer one"))).hasValue(9);
    assertThat(registry.metadata.manifests().tags(new RepositoryName("team/other"), null, 9))
        .isEmpty();
    assertThat(registry.look().findings()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsSaidAndLeftAlone() throws Exception {
    // Given
    Digest layer = digest("layer one");

    // When
    Checked checked = registry.repair(unreadable(layer), registry.metadata.mending());

    // Then
    assertThat(onlyFinding(checked).kind()).isEqualTo(Kind.CONTENT_UNREADABLE);
    assertThat(onlyFinding(checked).done()).isEmpty();
    assertThat(registry.file(layer)).exists();
    assertThat(registry.metadata.blobs().find(APP, layer)).isPresent();
  }

  @Test
  void aDamagedDatabaseIsSaid() throws Exception {
    // Given
    registry.sql(
        "pragma writable_schema = on;"
            + " update sqlite_schema set sql = replace(sql, '(digest)', '(media_type)')"
            + " where name = 'manifests_by_digest'");

    // Then
    assertThat(registry.look().kinds()).contains(Kind.DATABASE_DAMAGED);
  }

  @Test
  void aRepairThatIsKilledAnywhereIsFinishedByTheNext() throws Exception {
    for (int step = 1; step <= 12; step++) {
      // Given
      AtomicInteger left = new AtomicInteger(step);
      damageEverything(step);

      // When
      try {
        registry.repair(
            dying(StoredFiles.class, registry.files(), Set.of("quarantine"), left),
            dying(
                Mending.class,
                registry.metadata.mending(),
                Set.of("lose", "found", "mendBroken", "note", "recount"),
                left));
        assertThat(left.get()).as("steps of a repair are fewer than this").isPositive();
      } catch (Killed e) {
        assertThat(left.get()).isZero();
      }
      registry.repair();

      // Then
      assertThat(registry.look().findings()).isEmpty();
      assertThat(registry.metadata.blobs().find(APP, digest("layer " + step))).isEmpty();
      registry.pushImage("team/app", "v" + step, "layer " + step);
      assertThat(registry.metadata.blobs().size(APP, digest("layer " + step))).isPresent();
      assertThat(registry.metadata.blobs().size(APP, digest("sized " + step)))
          .hasValue(("sized " + step).length());
    }
  }

  private void damageEverything(int round) throws IOException {
    registry.pushImage("team/app", "v" + round, "layer " + round);
    registry.pushImage("team/app", "missing" + round, "missing " + round);
    registry.pushImage("team/app", "sized" + round, "sized " + round);
    registry.damage("layer " + round, "damage " + round);
    Files.delete(registry.file(digest("missing " + round)));
    registry.sql("update blobs set size = 7777 where digest = '" + digest("sized " + round) + "'");
    registry.sql("update storage_usage set bytes = bytes + 5");
    Digest alone = registry.pushBlob("team/app", "alone " + round);
    registry.sql(
        "update repository_blobs set unreferenced_at = null where digest = '" + alone + "'");
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends before the steps of even numbers, and after those of odd ones. */
  private static <T> T dying(Class<T> type, T real, Set<String> steps, AtomicInteger left) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              boolean last = steps.contains(method.getName()) && left.decrementAndGet() == 0;
              try {
                if (last && arguments == null) {
                  throw new Killed();
                }
                Object answer = method.invoke(real, arguments);
                if (last) {
                  throw new Killed();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private StoredFiles unreadable(Digest digest) {
    StoredFiles real = registry.files();
    return (StoredFiles)
        Proxy.newProxyInstance(
            StoredFiles.class.getClassLoader(),
            new Class<?>[] {StoredFiles.class},
            (_, method, arguments) -> {
              if (method.getName().equals("open") && digest.equals(arguments[0])) {
                throw new IOException("Input/output error");
              }
              return method.invoke(real, arguments);
            });
  }

  @Test
  void aDatabaseOfAnOlderVersionIsNotTouched() {
    registry.sql(
        "delete from flyway_schema_history"
            + " where installed_rank = (select max(installed_rank) from flyway_schema_history)");

    assertThatThrownBy(registry::look).hasMessageContaining("start the server of this version");
  }

  private List<String> quarantined() throws IOException {
    try (Stream<Path> aside = Files.list(registry.data.resolve("_quarantine"))) {
      return aside.map(StorageCheckTest::content).toList();
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Finding onlyFinding(Checked checked) {
    assertThat(checked.findings()).hasSize(1);
    return checked.findings().getFirst();
  }
}
