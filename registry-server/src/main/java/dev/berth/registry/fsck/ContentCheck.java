package dev.berth.registry.fsck;

import static dev.berth.registry.fsck.Finding.Kind.CONTENT_CORRUPT;
import static dev.berth.registry.fsck.Finding.Kind.CONTENT_FOUND;
import static dev.berth.registry.fsck.Finding.Kind.CONTENT_MISSING;
import static dev.berth.registry.fsck.Finding.Kind.CONTENT_UNREADABLE;
import static dev.berth.registry.fsck.Finding.Kind.FILE_ORPHANED;
import static dev.berth.registry.fsck.Finding.Kind.SIZE_WRONG;

import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.blob.StoredFiles.StoredFile;
import dev.berth.registry.metadata.Inspection;
import dev.berth.registry.metadata.Inspection.Content;
import dev.berth.registry.metadata.Mending;
import dev.berth.registry.oci.Digest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through rows and files side by side, both in the order of their digests, so that neither
 * need be held. A server may change either meanwhile: whatever differs is looked at again.
 */
final class ContentCheck {
  private static final int MOST_USERS = 5;

  private final Inspection rows;
  private final StoredFiles files;
  private final ContentHashes hashes;
  private final Scope scope;
  private final @Nullable Mending mending;
  private final Consumer<Finding> report;
  private final boolean foreign;
  private final Counted counted = new Counted();

  /**
   * What is looked at.
   *
   * @param everyByte whether also files are read whose size is right
   * @param settled since when a file without a row is no push in flight
   */
  record Scope(boolean everyByte, Instant settled) {}

  /** What was seen. */
  static final class Counted {
    long contents;
    long lost;
    long inFlight;
  }

  ContentCheck(
      Inspection rows,
      StoredFiles files,
      ContentHashes hashes,
      Scope scope,
      @Nullable Mending mending,
      Consumer<Finding> report)
      throws IOException {
    this.rows = rows;
    this.files = files;
    this.hashes = hashes;
    this.scope = scope;
    this.mending = mending;
    this.report = report;
    this.foreign = files.holdsForeignRepositories();
  }

  Counted run() throws IOException, InterruptedException {
    Iterator<Content> named = new ContentRows(rows);
    Iterator<StoredFile> stored = files.list();
    Content row = next(named);
    StoredFile file = next(stored);
    while (row != null || file != null) {
      int order = compare(row, file);
      if (row != null && order < 0) {
        withoutFile(row);
      } else if (file != null && order > 0) {
        withoutRow(file);
      } else if (row != null && file != null) {
        compareBoth(row, file);
      }
      row = order <= 0 ? next(named) : row;
      file = order >= 0 ? next(stored) : file;
    }
    return counted;
  }

  private static <T> @Nullable T next(Iterator<T> all) {
    return all.hasNext() ? all.next() : null;
  }

  /** Below zero: the row comes first; zero: they are of one digest. */
  private static int compare(@Nullable Content row, @Nullable StoredFile file) {
    if (row == null) {
      return 1;
    }
    return file == null ? -1 : row.digest().toString().compareTo(file.digest().toString());
  }

  private void withoutFile(Content before) throws IOException, InterruptedException {
    Digest digest = before.digest();
    Optional<Content> row = rows.content(digest);
    Optional<StoredFile> file = files.find(digest);
    if (row.isEmpty() || row.get().erasing()) {
      // It is being deleted, or was.
      return;
    }
    if (file.isPresent()) {
      compareBoth(row.get(), file.get());
    } else if (row.get().lost()) {
      counted.lost++;
    } else {
      found(CONTENT_MISSING, digest, "there is no file", this::lose);
    }
  }

  private String lose(Mending by, Digest digest) {
    by.lose(digest);
    return "answered with 404 from now on, until it is pushed again";
  }

  private void withoutRow(StoredFile file) throws IOException, InterruptedException {
    Digest digest = file.digest();
    boolean still = files.find(digest).isPresent();
    Optional<Content> row = rows.content(digest);
    if (row.isPresent()) {
      compareBoth(row.get(), file);
    } else if (still && file.changedAt().isAfter(scope.settled())) {
      counted.inFlight++;
    } else if (still) {
      found(
          FILE_ORPHANED,
          digest,
          "no row names its " + file.size() + " bytes" + (foreign ? FOREIGN : ""),
          foreign ? (_, _) -> "" : (_, orphan) -> moveAside(orphan));
    }
  }

  private static final String FOREIGN =
      "; left where it is, since docker/registry/v2/repositories is there: CNCF distribution's"
          + " images may be imported yet";

  private String moveAside(Digest digest) throws IOException {
    return "moved to " + files.quarantine(digest);
  }

  private void compareBoth(Content row, StoredFile file) throws IOException, InterruptedException {
    if (row.erasing()) {
      return;
    }
    counted.contents++;
    boolean sizeIsRight = row.size() == file.size();
    if (sizeIsRight && !row.lost() && !scope.everyByte()) {
      return;
    }
    // A wrong size alone does not tell whether the row is wrong or the file.
    Digest actual;
    try {
      actual = hashes.of(row.digest());
    } catch (NoSuchFileException _) {
      withoutFile(row);
      return;
    } catch (IOException e) {
      // Perhaps only this process may not: nothing is concluded from it.
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      found(CONTENT_UNREADABLE, row.digest(), "it cannot be read: " + why, (_, _) -> "");
      return;
    }
    if (!actual.equals(row.digest())) {
      String detail =
          sizeIsRight
              ? "its bytes have another digest"
              : "it has " + file.size() + " bytes instead of " + row.size();
      found(CONTENT_CORRUPT, row.digest(), detail, this::quarantine);
    } else {
      compareSize(row, file);
    }
  }

  private void compareSize(Content row, StoredFile file) throws IOException {
    if (row.lost()) {
      found(
          CONTENT_FOUND,
          row.digest(),
          "it was lost, and its bytes are there",
          (by, digest) -> right(by, digest, file));
    } else if (row.size() != file.size()) {
      found(
          SIZE_WRONG,
          row.digest(),
          "a row says " + row.size() + " bytes, and there are " + file.size(),
          (by, digest) -> right(by, digest, file));
    }
  }

  /** The row first: a push that comes between the two replaces the file. */
  private String quarantine(Mending by, Digest digest) throws IOException {
    by.lose(digest);
    return "moved to "
        + files.quarantine(digest)
        + ", and answered with 404 from now on, until it is pushed again";
  }

  private static String right(Mending by, Digest digest, StoredFile file) {
    by.found(digest, file.size());
    return "the row says so now";
  }

  private interface Mend {
    /** Says what it did. */
    String apply(Mending by, Digest digest) throws IOException;
  }

  private void found(Finding.Kind kind, Digest digest, String detail, Mend mend)
      throws IOException {
    List<String> users = rows.users(digest, MOST_USERS);
    String done = mending == null ? "" : mend.apply(mending, digest);
    report.accept(new Finding(kind, digest.toString(), detail, users, done));
  }
}
