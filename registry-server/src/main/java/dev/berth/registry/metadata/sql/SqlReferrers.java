package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Manifests.Referrer;
import dev.berth.registry.metadata.Manifests.Referrers;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

final class SqlReferrers {
  /**
   * What the annotations of one answer may have, in characters; the first entry's may have more.
   */
  private static final int PAGE_ANNOTATIONS = 4 << 20;

  private final SqlDatabase database;

  SqlReferrers(SqlDatabase database) {
    this.database = database;
  }

  Referrers list(
      RepositoryName repository,
      Digest subject,
      @Nullable String artifactType,
      @Nullable String after,
      int limit) {
    return database.read(
        handle -> {
          try (ResultIterator<Row> rows =
              handle
                  .createQuery(
                      """
                      select m.digest, m.media_type, m.artifact_type, m.annotations, b.size
                        from repositories r
                        join manifests m on m.repository = r.uid
                        join blobs b on b.digest = m.digest
                       where r.name = :name and m.subject = :subject and m.digest > :after
                         and m.removed_at is null and b.lost_at is null
                         and (:anyType = 1 or m.artifact_type = :artifactType)
                       order by m.digest
                      """)
                  .bind("name", repository.value())
                  .bind("subject", subject.toString())
                  .bind("after", after == null ? "" : after)
                  .bind("anyType", artifactType == null ? 1 : 0)
                  .bind("artifactType", artifactType == null ? "" : artifactType)
                  .map((row, context) -> Row.of(row))
                  .iterator()) {
            return page(rows, limit);
          }
        });
  }

  private static Referrers page(ResultIterator<Row> rows, int limit) {
    List<Referrer> entries = new ArrayList<>();
    int annotations = 0;
    while (entries.size() < limit && rows.hasNext()) {
      Row row = rows.next();
      annotations += row.annotations == null ? 0 : row.annotations.length();
      if (annotations > PAGE_ANNOTATIONS && !entries.isEmpty()) {
        return new Referrers(entries, true);
      }
      entries.add(row.referrer());
    }
    return new Referrers(entries, limit > 0 && rows.hasNext());
  }

  private record Row(Referrer bare, @Nullable String annotations) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(
          new Referrer(
              Digest.parse(row.getString("digest")),
              row.getString("media_type"),
              row.getLong("size"),
              row.getString("artifact_type"),
              Map.of()),
          row.getString("annotations"));
    }

    Referrer referrer() {
      return new Referrer(
          bare.digest(),
          bare.mediaType(),
          bare.size(),
          bare.artifactType(),
          AnnotationsColumn.read(annotations));
    }
  }
}
