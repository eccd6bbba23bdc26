package dev.berth.registry.metadata.sql;

import dev.berth.registry.metadata.Manifests.Referrer;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.RepositoryName;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class SqlReferrers {
  private final SqlDatabase database;

  SqlReferrers(SqlDatabase database) {
    this.database = database;
  }

  List<Referrer> list(
      RepositoryName repository,
      Digest subject,
      @Nullable String artifactType,
      @Nullable String after,
      int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select m.digest, m.media_type, m.artifact_type, m.annotations, b.size
                      from repositories r
                      join manifests m on m.repository = r.uid
                      join blobs b on b.digest = m.digest
                     where r.name = :name and m.subject = :subject and m.digest > :after
                       and (:anyType = 1 or m.artifact_type = :artifactType)
                     order by m.digest limit :limit
                    """)
                .bind("name", repository.value())
                .bind("subject", subject.toString())
                .bind("after", after == null ? "" : after)
                .bind("anyType", artifactType == null ? 1 : 0)
                .bind("artifactType", artifactType == null ? "" : artifactType)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Referrer(
                            Digest.parse(row.getString("digest")),
                            row.getString("media_type"),
                            row.getLong("size"),
                            row.getString("artifact_type"),
                            AnnotationsColumn.read(row.getString("annotations"))))
                .list());
  }
}
