package dev.berth.registry.adopt;

import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Finds the repositories of a volume. A folder is one if it has any of distribution's in it. */
final class RepositoryWalk {
  private static final Set<String> PARTS = Set.of("_layers", "_manifests", "_uploads");
  private static final int AT_ONCE = 500;

  private final DistributionFolder folder;
  private final Adoption adoption;
  private final Consumer<Problem> skipped;
  private final BooleanSupplier stopped;
  private final List<RepositoryName> names = new ArrayList<>();

  RepositoryWalk(
      DistributionFolder folder,
      Adoption adoption,
      Consumer<Problem> skipped,
      BooleanSupplier stopped) {
    this.folder = folder;
    this.adoption = adoption;
    this.skipped = skipped;
    this.stopped = stopped;
  }

  /**
   * Puts them into the queue.
   *
   * @throws IOException where the folder of all of them cannot be read
   */
  void run() throws IOException {
    adoption.forgetProblems(null);
    DistributionFolder.list(folder.repositories(), AT_ONCE, entries -> look(entries, ""));
    adoption.found(names);
  }

  private void look(List<Path> entries, String above) {
    for (Path entry : entries) {
      if (!stopped.getAsBoolean()) {
        look(entry, above);
      }
    }
  }

  private void look(Path entry, String above) {
    String last = entry.getFileName().toString();
    if (!above.isEmpty() && PARTS.contains(last)) {
      return;
    }
    try {
      Optional<BasicFileAttributes> attributes = DistributionFolder.attributes(entry);
      if (attributes.isPresent()) {
        requireFolder(attributes.get());
        walk(entry, named(above.isEmpty() ? last : above + '/' + last));
      }
    } catch (BrokenLinkException e) {
      skip(entry, e.reason());
    } catch (IOException e) {
      skip(entry, BrokenLinkException.unreadable(e));
    }
  }

  private void walk(Path entry, RepositoryName name) throws IOException {
    // As deep as a name has parts: 128 at the most.
    boolean[] isRepository = {false};
    DistributionFolder.list(
        entry,
        AT_ONCE,
        below -> {
          isRepository[0] |=
              below.stream().anyMatch(path -> PARTS.contains(path.getFileName().toString()));
          look(below, name.value());
        });
    if (isRepository[0]) {
      names.add(name);
      if (names.size() >= AT_ONCE) {
        adoption.found(names);
        names.clear();
      }
    }
  }

  private static void requireFolder(BasicFileAttributes attributes) throws BrokenLinkException {
    if (attributes.isSymbolicLink()) {
      throw new BrokenLinkException(BrokenLinkException.SYMBOLIC);
    }
    if (!attributes.isDirectory()) {
      throw new BrokenLinkException("is no folder, and belongs to no repository");
    }
  }

  private static RepositoryName named(String name) throws BrokenLinkException {
    try {
      return new RepositoryName(name);
    } catch (OciException e) {
      throw new BrokenLinkException(
          "is not the name of a repository, nor the beginning of one: " + e.getMessage());
    }
  }

  private void skip(Path path, String reason) {
    Problem problem = new Problem(folder.shown(path), reason);
    adoption.skip(List.of(problem));
    skipped.accept(problem);
  }
}
