package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.oci.OciException;
import org.jdbi.v3.core.Handle;

/**
 * Refuses the index with which indexes in a repository would nest too deep, whichever of them comes
 * last: one that is missing counts as an image until it is pushed, and is then measured together
 * with the indexes that were there before it. An image changes nothing and is not asked about.
 */
final class SqlNesting {
  /**
   * Entries of other indexes that one push may have looked at: few enough that nobody waits long
   * for the database while they are. One that is reached on two ways counts twice.
   */
  private static final int MOST_ENTRIES = 20_000;

  /** Entries other than manifests are counted and not followed: they cost as much to read. */
  private static final String BELOW =
      """
      with recursive entries (digest, kind, depth) as (
        select target, kind, 2 from manifest_references
         where repository = :repository and manifest = :manifest
        union all
        select r.target, r.kind, e.depth + 1 from entries e
          join manifests m on m.repository = :repository and m.digest = e.digest
                          and m.removed_at is null
                          and m.media_type in ('%s', '%s')
          join manifest_references r on r.repository = m.repository and r.manifest = m.digest
         where e.kind = 'MANIFEST' and e.depth <= :most
      )
      """
          .formatted(MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST);

  private static final String ABOVE =
      """
      with recursive entries (digest, kind, depth) as (
        select r.manifest, r.kind, 2 from manifest_references r
          join manifests m on m.repository = r.repository and m.digest = r.manifest
                          and m.removed_at is null
         where r.repository = :repository and r.target = :manifest
        union all
        select r.manifest, r.kind, e.depth + 1 from entries e
          join manifest_references r on r.repository = :repository and r.target = e.digest
          join manifests m on m.repository = r.repository and m.digest = r.manifest
                          and m.removed_at is null
         where e.kind = 'MANIFEST' and e.depth <= :most
      )
      """;

  private static final String DEEPEST =
      """
      select count(*) as seen, max(case when kind = 'MANIFEST' then depth else 1 end) as depth
        from (select kind, depth from entries limit :entries)
      """;

  private final int most;

  SqlNesting(int most) {
    this.most = most;
  }

  /** To be called when the references are stored, in the same transaction. */
  void check(Handle handle, Repository repository, Digest digest, Manifest manifest) {
    boolean nests =
        manifest.references().stream().anyMatch(l -> l.kind() == Manifest.Kind.MANIFEST);
    if (nests) {
      int entries = MOST_ENTRIES + manifest.references().size();
      int below = deepest(handle, BELOW, repository, digest, entries);
      int above = deepest(handle, ABOVE, repository, digest, entries);
      if (below + above - 1 > most) {
        throw refusal(
            "indexes would nest deeper than "
                + most
                + " manifests, the image among them; let them refer to images directly");
      }
    }
  }

  private int deepest(
      Handle handle, String walk, Repository repository, Digest digest, int entries) {
    return handle
        .createQuery(walk + DEEPEST)
        .bind("repository", repository.key())
        .bind("manifest", digest.toString())
        .bind("most", most)
        .bind("entries", entries + 1)
        .map(
            (row, context) -> {
              if (row.getInt("seen") > entries) {
                throw refusal(
                    "the indexes that this one refers to, or that refer to it, have more than "
                        + MOST_ENTRIES
                        + " entries together; let it refer to fewer of them");
              }
              return Math.max(1, row.getInt("depth"));
            })
        .one();
  }

  private static OciException refusal(String message) {
    return new OciException(ErrorCode.MANIFEST_INVALID, message);
  }
}
