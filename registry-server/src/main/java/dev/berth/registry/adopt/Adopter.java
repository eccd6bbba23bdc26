package dev.berth.registry.adopt;

import dev.berth.registry.blob.BlobStore;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Adoption.Pending;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.oci.ManifestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Takes over what CNCF distribution left on a volume. Its files are read and nothing else: links
 * become rows, blobs stay where they are. It may end at any moment and goes on where it was.
 */
public final class Adopter {
  private static final int THREADS = 8;
  private static final int AT_ONCE = 100;

  private final Adoption adoption;
  private final DistributionFolder folder;
  private final LinkReader reader;
  private volatile boolean stopped;

  /** Over the stores of a registry that nobody uses meanwhile. */
  public Adopter(
      MetadataStore metadata,
      BlobStore store,
      ManifestReader reader,
      RegistryConfiguration configuration) {
    this.adoption = metadata.adoption();
    this.folder = new DistributionFolder(configuration.storage().filesystem().path());
    this.reader = new LinkReader(store, metadata, reader, configuration.limits().manifestBytes());
  }

  /** Hears how it goes. */
  public interface Watcher {
    /** Something cannot be taken over. */
    void skipped(Problem problem);

    /** A repository was. */
    void advanced();
  }

  /** The folder of distribution's repositories. */
  public Path source() {
    return folder.repositories();
  }

  /** Whether there is one. */
  public boolean hasSource() {
    return folder.hasRepositories();
  }

  /**
   * Goes on until all is done, or it is stopped.
   *
   * @throws IOException where the folder of the repositories cannot be read
   */
  public void run(Watcher watcher) throws IOException {
    new RepositoryWalk(folder, adoption, watcher::skipped, () -> stopped).run();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      RepositoryAdoption one =
          new RepositoryAdoption(
              folder, adoption, reader, threads, watcher::skipped, () -> stopped);
      String after = "";
      List<Pending> some;
      do {
        some = stopped ? List.of() : adoption.pending(after, AT_ONCE);
        for (Pending pending : some) {
          if (!stopped) {
            one.run(pending);
            watcher.advanced();
          }
          after = pending.name().value();
        }
      } while (!some.isEmpty());
    }
    if (!stopped) {
      adoption.end();
    }
  }

  /** Lets it end soon, as if it had been killed. */
  public void stop() {
    stopped = true;
  }
}
