package dev.berth.registry.metadata.sql;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.Tag;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Removes and brings back, in transactions of others. What is removed no request sees; its rows
 * stay until they are forgotten. Whatever loses a reference thereby is noted.
 */
final class SqlRemovals {
  /** Somebody asked for it. */
  static final String DELETED = "deleted";

  /** Nothing referred to it for longer than its grace. */
  static final String UNREFERENCED = "unreferenced";

  /** Its repository was deleted. */
  static final String REPOSITORY = "repository deleted";

  private SqlRemovals() {}

  /** False where there is none. */
  static boolean removeTag(Handle handle, String repository, Tag tag, String reason, long now) {
    List<String> digests =
        handle
            .createQuery("select digest from tags where repository = :repository and name = :name")
            .bind("repository", repository)
            .bind("name", tag.value())
            .mapTo(String.class)
            .list();
    if (digests.isEmpty()) {
      return false;
    }
    rememberTags(handle, "name", repository, tag.value(), reason, now);
    handle
        .createUpdate("delete from tags where repository = :repository and name = :name")
        .bind("repository", repository)
        .bind("name", tag.value())
        .execute();
    noteManifest(handle, repository, digests.getFirst(), now);
    return true;
  }

  private static void rememberTags(
      Handle handle, String column, String repository, String value, String reason, long now) {
    handle
        .createUpdate(
            """
            insert into removed_tags
              (repository, name, digest, pushed_at, pulled_at, removed_at, removed_reason)
            select repository, name, digest, updated_at, pulled_at, :now, :reason from tags
             where repository = :repository and %s = :value
            on conflict (repository, name, digest)
              do update set pushed_at = excluded.pushed_at, pulled_at = excluded.pulled_at,
                            removed_at = excluded.removed_at,
                            removed_reason = excluded.removed_reason
            """
                .formatted(column))
        .bind("repository", repository)
        .bind("value", value)
        .bind("reason", reason)
        .bind("now", now)
        .execute();
  }

  /** Notes that a manifest lost a reference. */
  static void noteManifest(Handle handle, String repository, String digest, long now) {
    handle
        .createUpdate(
            "update manifests set unreferenced_at = :now"
                + " where repository = :repository and digest = :digest and removed_at is null")
        .bind("repository", repository)
        .bind("digest", digest)
        .bind("now", now)
        .execute();
  }

  /** With the tags that name it. False where there is none. */
  static boolean removeManifest(
      Handle handle, String repository, Digest digest, String reason, long now) {
    if (!remove(handle, "manifests", repository, digest, reason, now)) {
      return false;
    }
    rememberTags(handle, "digest", repository, digest.toString(), reason, now);
    handle
        .createUpdate("delete from tags where repository = :repository and digest = :digest")
        .bind("repository", repository)
        .bind("digest", digest.toString())
        .execute();
    for (String note : NOTES_OF_A_MANIFEST) {
      handle
          .createUpdate(note)
          .bind("repository", repository)
          .bind("digest", digest.toString())
          .bind("now", now)
          .execute();
    }
    return true;
  }

  private static final List<String> NOTES_OF_A_MANIFEST =
      List.of(
          """
          update repository_blobs set unreferenced_at = :now
           where repository = :repository and removed_at is null
             and digest in (select target from manifest_references
                             where repository = :repository and manifest = :digest
                               and kind <> 'MANIFEST')
          """,
          """
          update manifests set unreferenced_at = :now
           where repository = :repository and removed_at is null
             and digest in (select target from manifest_references
                             where repository = :repository and manifest = :digest
                               and kind = 'MANIFEST')
          """,
          """
          update manifests set unreferenced_at = :now
           where repository = :repository and subject = :digest and removed_at is null
          """);

  /** False where the repository does not hold it. */
  static boolean removeLink(
      Handle handle, String repository, Digest digest, String reason, long now) {
    return remove(handle, "repository_blobs", repository, digest, reason, now);
  }

  private static boolean remove(
      Handle handle, String table, String repository, Digest digest, String reason, long now) {
    boolean removed =
        handle
                .createUpdate(
                    """
                    update %s
                       set removed_at = :now, removed_reason = :reason, unreferenced_at = null
                     where repository = :repository and digest = :digest and removed_at is null
                    """
                        .formatted(table))
                .bind("repository", repository)
                .bind("digest", digest.toString())
                .bind("reason", reason)
                .bind("now", now)
                .execute()
            == 1;
    if (removed) {
      SqlUsage.held(handle, repository, digest, -SqlBlobs.size(handle, digest));
    }
    return removed;
  }

  /**
   * Brings back a link that was removed.
   *
   * @param whatever also one that somebody asked to be deleted; else only what was collected, or
   *     went with its repository
   */
  static boolean restoreLink(
      Handle handle, String repository, Digest digest, boolean whatever, long now) {
    return restore(handle, "repository_blobs", repository, digest, whatever, now);
  }

  /**
   * Brings back a manifest with what it refers to, as far as that is still there.
   *
   * @param whatever as of {@link #restoreLink}
   */
  static boolean restoreManifest(
      Handle handle, String repository, Digest digest, boolean whatever, long now) {
    if (!restore(handle, "manifests", repository, digest, whatever, now)) {
      return false;
    }
    handle
        .createQuery(
            "select target, kind from manifest_references"
                + " where repository = :repository and manifest = :digest")
        .bind("repository", repository)
        .bind("digest", digest.toString())
        .map(
            (row, context) ->
                new Target(
                    Digest.parse(row.getString("target")),
                    row.getString("kind").equals("MANIFEST")))
        .list()
        .forEach(
            target -> {
              // A loop ends: what was restored is not restored again.
              if (target.isManifest) {
                restoreManifest(handle, repository, target.digest, whatever, now);
              } else {
                restoreLink(handle, repository, target.digest, whatever, now);
              }
            });
    return true;
  }

  private record Target(Digest digest, boolean isManifest) {}

  private static boolean restore(
      Handle handle, String table, String repository, Digest digest, boolean whatever, long now) {
    boolean restored =
        handle
                .createUpdate(
                    """
                    update %s set removed_at = null, removed_reason = null, unreferenced_at = :now
                     where repository = :repository and digest = :digest
                       and removed_at is not null
                       and (:whatever = 1 or removed_reason <> :deleted)
                    """
                        .formatted(table))
                .bind("repository", repository)
                .bind("digest", digest.toString())
                .bind("whatever", whatever ? 1 : 0)
                .bind("deleted", DELETED)
                .bind("now", now)
                .execute()
            == 1;
    if (restored) {
      SqlUsage.held(handle, repository, digest, SqlBlobs.size(handle, digest));
    }
    return restored;
  }
}
