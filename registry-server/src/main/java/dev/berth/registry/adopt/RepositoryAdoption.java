package dev.berth.registry.adopt;

import dev.berth.registry.metadata.Adoption;
import dev.berth.registry.metadata.Adoption.Found;
import dev.berth.registry.metadata.Adoption.Part;
import dev.berth.registry.metadata.Adoption.Pending;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.oci.DigestAlgorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes over one repository: what tags name comes before them. */
final class RepositoryAdoption {
  private static final int LINKS_AT_ONCE = 500;

  /** Each may refer to thousands of blobs. */
  private static final int MANIFESTS_AT_ONCE = 32;

  /** By how much the clocks of file servers may differ from this machine's. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final DistributionFolder volume;
  private final Adoption adoption;
  private final LinkReader reader;
  private final ExecutorService threads;
  private final Consumer<Problem> skipped;
  private final BooleanSupplier stopped;

  RepositoryAdoption(
      DistributionFolder volume,
      Adoption adoption,
      LinkReader reader,
      ExecutorService threads,
      Consumer<Problem> skipped,
      BooleanSupplier stopped) {
    this.volume = volume;
    this.adoption = adoption;
    this.reader = reader;
    this.threads = threads;
    this.skipped = skipped;
    this.stopped = stopped;
  }

  /** What a link leads to. */
  private interface Reading {
    Found read(LinkFile link, Path entry) throws IOException, BrokenLinkException;
  }

  /** What came of a link. */
  private record Outcome(
      @Nullable Found found, @Nullable Problem problem, @Nullable String mended) {}

  void run(Pending pending) {
    if (pending.seenAt() == null) {
      adoption.forgetProblems(pending.name());
    }
    Path folder = volume.repositories().resolve(pending.name().value());
    Path manifests = folder.resolve("_manifests");
    byDigest(pending, folder.resolve("_layers"), LINKS_AT_ONCE, (link, _) -> reader.layer(link));
    if (isFolder(pending, manifests)) {
      byDigest(
          pending,
          manifests.resolve("revisions"),
          MANIFESTS_AT_ONCE,
          (link, _) -> reader.manifest(link));
      links(
          pending,
          manifests.resolve("tags"),
          "current",
          LINKS_AT_ONCE,
          (link, entry) -> reader.tag(pending.name(), link, entry.getFileName().toString()));
    }
    if (!stopped.getAsBoolean()) {
      adoption.seen(pending.name());
    }
  }

  private void byDigest(Pending pending, Path folder, int size, Reading reading) {
    if (isFolder(pending, folder)) {
      for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
        links(pending, folder.resolve(algorithm.label()), "", size, reading);
      }
    }
  }

  /**
   * Takes over what the links in the folders of a folder lead to.
   *
   * @param below where in each of them the link is
   */
  private void links(Pending pending, Path folder, String below, int size, Reading reading) {
    if (!isFolder(pending, folder)) {
      return;
    }
    try {
      DistributionFolder.list(
          folder,
          size,
          entries -> {
            if (!stopped.getAsBoolean()) {
              take(pending, entries, below, reading);
            }
          });
    } catch (IOException e) {
      skip(pending, folder, BrokenLinkException.unreadable(e));
    }
  }

  private boolean isFolder(Pending pending, Path path) {
    try {
      Optional<BasicFileAttributes> attributes = DistributionFolder.attributes(path);
      if (attributes.isPresent() && !attributes.get().isDirectory()) {
        skip(
            pending,
            path,
            attributes.get().isSymbolicLink() ? BrokenLinkException.SYMBOLIC : "is no folder");
        return false;
      }
      return attributes.isPresent();
    } catch (IOException e) {
      skip(pending, path, BrokenLinkException.unreadable(e));
      return false;
    }
  }

  /** On several threads: on a volume across the network each file costs a round trip or more. */
  private void take(Pending pending, List<Path> entries, String below, Reading reading) {
    List<Callable<Outcome>> followings = new ArrayList<>();
    entries.forEach(entry -> followings.add(() -> follow(pending, entry, below, reading)));
    List<Found> found = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<String> mended = new ArrayList<>();
    for (Outcome outcome : outcomes(followings)) {
      if (outcome.found() != null) {
        found.add(outcome.found());
      }
      if (outcome.problem() != null) {
        problems.add(outcome.problem());
      }
      if (outcome.mended() != null) {
        mended.add(outcome.mended());
      }
    }
    if (!found.isEmpty() || !problems.isEmpty() || !mended.isEmpty()) {
      adoption.add(pending.name(), new Part(found, problems, mended));
      problems.forEach(skipped);
    }
  }

  private List<Outcome> outcomes(List<Callable<Outcome>> followings) {
    List<Outcome> outcomes = new ArrayList<>();
    try {
      for (Future<Outcome> outcome : threads.invokeAll(followings)) {
        outcomes.add(outcome.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted; the adoption goes on when it is begun again");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return outcomes;
  }

  private Outcome follow(Pending pending, Path entry, String below, Reading reading) {
    String shown = volume.shown(entry.resolve(below).resolve("link"));
    try {
      requireFolder(entry);
      if (!below.isEmpty()) {
        requireFolder(entry.resolve(below));
      }
      Optional<LinkFile> link = LinkFile.in(entry.resolve(below));
      if (link.isEmpty()) {
        return new Outcome(null, null, pending.problems() ? shown : null);
      }
      boolean wasSkipped = pending.problems() && adoption.isProblem(shown);
      if (!wasSkipped && wasSeen(pending, link.get())) {
        return new Outcome(null, null, null);
      }
      return new Outcome(reading.read(link.get(), entry), null, wasSkipped ? shown : null);
    } catch (BrokenLinkException e) {
      return new Outcome(null, new Problem(shown, e.reason()), null);
    } catch (IOException e) {
      return new Outcome(null, new Problem(shown, BrokenLinkException.unreadable(e)), null);
    }
  }

  /** By an adoption before; what is not there any more was deleted since. */
  private static boolean wasSeen(Pending pending, LinkFile link) {
    return pending.seenAt() != null && link.at().isBefore(pending.seenAt().minus(SKEW));
  }

  private static void requireFolder(Path path) throws IOException, BrokenLinkException {
    Optional<BasicFileAttributes> attributes = DistributionFolder.attributes(path);
    if (attributes.isPresent() && !attributes.get().isDirectory()) {
      throw new BrokenLinkException(
          attributes.get().isSymbolicLink()
              ? "its folder " + BrokenLinkException.SYMBOLIC
              : "its folder is no folder");
    }
  }

  private void skip(Pending pending, Path path, String reason) {
    Problem problem = new Problem(volume.shown(path), reason);
    adoption.add(pending.name(), new Part(List.of(), List.of(problem), List.of()));
    skipped.accept(problem);
  }
}
