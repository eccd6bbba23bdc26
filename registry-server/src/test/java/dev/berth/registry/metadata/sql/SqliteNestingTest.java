package dev.berth.registry.metadata.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.NestingContract;
import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteNestingTest extends NestingContract {
  private static final RepositoryName NAME = new RepositoryName("wide");

  @TempDir private Path folder;

  @Override
  protected MetadataStore open() {
    return open(MOST);
  }

  private MetadataStore open(int nesting) {
    return SqlMetadataStore.sqlite(
        folder.resolve("metadata" + nesting + ".db"), Clock.systemUTC(), nesting);
  }

  /** 30 indexes on each level, each of which refers to all of the next level. */
  @Test
  void indexesThatAreReachedOnTooManyWaysAreRefused() {
    try (MetadataStore store = open(100)) {
      Repository repository = store.open(NAME);
      List<Digest> level = List.of(digest("image"));
      for (int height = 0; height < 3; height++) {
        List<Digest> next = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          next.add(digest(height + "-" + i));
          store
              .manifests()
              .put(repository, next.getLast(), 100, indexOf(level), Set.of(), _ -> false);
        }
        level = next;
      }
      Manifest top = indexOf(level);

      assertThatThrownBy(
              () ->
                  store.manifests().put(repository, digest("top"), 100, top, Set.of(), _ -> false))
          .isInstanceOf(OciException.class)
          .hasMessageContaining("more than 20000 entries");
      assertThat(store.manifests().find(NAME, digest("top"))).isEmpty();
    }
  }

  private static Manifest indexOf(List<Digest> entries) {
    return new Manifest(
        MediaTypes.OCI_INDEX,
        null,
        null,
        entries.stream().map(entry -> new Manifest.Link(Manifest.Kind.MANIFEST, entry)).toList(),
        Map.of());
  }

  private static Digest digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(UTF_8));
  }
}
