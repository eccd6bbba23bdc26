package dev.berth.registry.fsck;

import java.util.List;

/**
 * Something that is not as it should be.
 *
 * @param subject a digest, a repository, or a table
 * @param users images that this concerns, the first of them
 * @param done what was done about it; empty: nothing
 */
public record Finding(Kind kind, String subject, String detail, List<String> users, String done) {

  /** What is wrong. The words are part of the JSON report. */
  public enum Kind {
    /** The database finds its own file damaged. */
    DATABASE_DAMAGED,
    /** Rows name rows that are not there. */
    ROWS_BROKEN,
    /** A row names content without a file. */
    CONTENT_MISSING,
    /** A file does not have the bytes of its digest. */
    CONTENT_CORRUPT,
    /** The bytes cannot be read. */
    CONTENT_UNREADABLE,
    /** The bytes are right, and a row says that there are more or fewer of them. */
    SIZE_WRONG,
    /** A row says that the content is lost, and it is there. */
    CONTENT_FOUND,
    /** No row names a file, and no push in flight will. */
    FILE_ORPHANED,
    /** Nothing refers to it, and garbage collection will not look at it. */
    SPACE_FORGOTTEN,
    /** Bytes were counted wrong. */
    COUNT_WRONG
  }
}
