package dev.berth.registry.fsck;

import static dev.berth.registry.fsck.Finding.Kind.COUNT_WRONG;
import static dev.berth.registry.fsck.Finding.Kind.DATABASE_DAMAGED;
import static dev.berth.registry.fsck.Finding.Kind.ROWS_BROKEN;
import static dev.berth.registry.fsck.Finding.Kind.SPACE_FORGOTTEN;

import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.blob.StoredFiles.Quarantine;
import dev.berth.registry.metadata.Inspection;
import dev.berth.registry.metadata.Inspection.Broken;
import dev.berth.registry.metadata.Inspection.Miscount;
import dev.berth.registry.metadata.Inspection.UnnotedLink;
import dev.berth.registry.metadata.Mending;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The whole check, in an order in which each step can rely on the one before: the database, what it
 * names, what it has forgotten, what it has counted. Killed at any moment, it is run again.
 */
public final class StorageCheck {
  /** Of what is forgotten, so many are named. */
  private static final int MOST_NAMED = 100;

  private final Inspection rows;
  private final StoredFiles files;
  private final ContentHashes hashes;
  private final Clock clock;
  private final Options options;

  /**
   * How it is done.
   *
   * @param everyByte whether content is read; else only what has a wrong size is
   * @param grace how long a file may be without a row: a push may be in flight
   * @param mending null: nothing is changed
   */
  public record Options(boolean everyByte, Duration grace, @Nullable Mending mending) {}

  public StorageCheck(
      Inspection rows, StoredFiles files, ContentHashes hashes, Clock clock, Options options) {
    this.rows = rows;
    this.files = files;
    this.hashes = hashes;
    this.clock = clock;
    this.options = options;
  }

  /**
   * What was looked at.
   *
   * @param problems findings
   * @param mended of these
   * @param contents rows with their files
   * @param hashedBytes that were read
   * @param inFlight files without a row that are younger than the grace
   * @param lost content that was found missing or damaged by an earlier run, and not pushed since
   * @param quarantine what lies aside
   */
  public record Summary(
      long problems,
      long mended,
      long contents,
      long hashedBytes,
      long inFlight,
      long lost,
      Quarantine quarantine) {}

  private static final class Tally implements Consumer<Finding> {
    private final Consumer<Finding> report;
    private long problems;
    private long mended;

    private Tally(Consumer<Finding> report) {
      this.report = report;
    }

    @Override
    public void accept(Finding finding) {
      problems++;
      mended += finding.done().isEmpty() ? 0 : 1;
      report.accept(finding);
    }
  }

  /**
   * Looks at everything.
   *
   * @param report is given each finding at once
   * @throws IOException where the storage cannot be listed, or content not be moved aside
   * @throws InterruptedException where this process is told to end
   */
  public Summary run(Consumer<Finding> report) throws IOException, InterruptedException {
    Tally tally = new Tally(report);
    database(tally);
    ContentCheck.Counted counted =
        new ContentCheck(
                rows,
                files,
                hashes,
                new ContentCheck.Scope(options.everyByte, clock.instant().minus(options.grace)),
                options.mending,
                tally)
            .run();
    forgotten(tally);
    counts(tally);
    return new Summary(
        tally.problems,
        tally.mended,
        counted.contents,
        hashes.bytes(),
        counted.inFlight,
        counted.lost,
        files.quarantined());
  }

  private void database(Tally tally) {
    for (String damage : rows.damage()) {
      tally.accept(
          new Finding(
              DATABASE_DAMAGED,
              "database",
              damage + "; bring back the last good copy of the database file",
              List.of(),
              ""));
    }
    List<Broken> broken = rows.broken();
    Mending mending = options.mending;
    if (mending != null && !broken.isEmpty()) {
      mending.mendBroken();
    }
    for (Broken some : broken) {
      tally.accept(
          new Finding(
              ROWS_BROKEN,
              some.table(),
              some.rows() + " rows name rows of " + some.named() + " that are not there",
              List.of(),
              mending == null
                  ? ""
                  : some.named().equals("blobs")
                      ? "they name content now that is lost unless it is found below"
                      : "they were taken away"));
    }
  }

  private void forgotten(Tally tally) {
    List<Digest> unnoted = rows.unnoted(MOST_NAMED);
    List<UnnotedLink> links = rows.unnotedLinks(MOST_NAMED);
    Mending mending = options.mending;
    if (mending != null && !(unnoted.isEmpty() && links.isEmpty())) {
      mending.note();
    }
    String done = mending == null ? "" : "garbage collection looks at it after the grace";
    for (Digest digest : unnoted) {
      tally.accept(
          new Finding(
              SPACE_FORGOTTEN,
              digest.toString(),
              "no repository holds it, and it would never be deleted",
              List.of(),
              done));
    }
    for (UnnotedLink link : links) {
      tally.accept(
          new Finding(
              SPACE_FORGOTTEN,
              link.digest().toString(),
              "no manifest refers to it, and it would never be deleted",
              List.of(link.repository()),
              done));
    }
  }

  private void counts(Tally tally) {
    List<Miscount> miscounts = rows.miscounts();
    Mending mending = options.mending;
    if (mending != null && !miscounts.isEmpty()) {
      mending.recount();
    }
    for (Miscount miscount : miscounts) {
      tally.accept(
          new Finding(
              COUNT_WRONG,
              miscount.repository().isEmpty() ? "the whole registry" : miscount.repository(),
              "counted as " + miscount.kept() + " bytes, and there are " + miscount.counted(),
              List.of(),
              mending == null ? "" : "counted anew"));
    }
  }
}
