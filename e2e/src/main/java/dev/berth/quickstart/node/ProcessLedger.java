package dev.berth.quickstart.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which processes were started, so that the next start can end what a killed one
 * left behind. A process id alone is not enough, since the system gives it out again: the start
 * time and the boot must be the same too.
 */
public final class ProcessLedger {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessLedger.class);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int START_TIME_FIELD_AFTER_NAME = 19;

  private final Path folder;

  /** A ledger in that folder, which is made when it is missing. */
  public ProcessLedger(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  void add(long pid) throws IOException {
    Optional<String> identity = identity(pid);
    if (identity.isPresent()) {
      Files.writeString(file(pid), identity.get());
    }
  }

  void remove(long pid) {
    try {
      Files.deleteIfExists(file(pid));
    } catch (IOException e) {
      LOG.warn("cannot remove {}", file(pid), e);
    }
  }

  /**
   * Ends the processes that an earlier run left.
   *
   * @return how many there were
   */
  public int endLeftovers() {
    List<ProcessHandle> left = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        leftover(file).ifPresent(left::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
    List<ProcessHandle> all =
        left.stream().flatMap(p -> Stream.concat(Stream.of(p), p.descendants())).toList();
    all.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + GRACE.toNanos();
    all.forEach(process -> awaitUntil(process, deadline));
    all.forEach(ProcessHandle::destroyForcibly);
    long killed = System.nanoTime() + GRACE.toNanos();
    all.forEach(process -> awaitUntil(process, killed));
    left.forEach(process -> remove(process.pid()));
    return left.size();
  }

  private Optional<ProcessHandle> leftover(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!name.matches("\\d{1,18}")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(name);
    if (identity(pid).filter(Files.readString(file)::equals).isEmpty()) {
      remove(pid);
      return Optional.empty();
    }
    return ProcessHandle.of(pid);
  }

  private Path file(long pid) {
    return folder.resolve(Long.toString(pid));
  }

  private static void awaitUntil(ProcessHandle process, long deadline) {
    try {
      var _ = process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("process {} has not ended", process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What tells this process from any other that has or had its id; empty when there is none. */
  private static Optional<String> identity(long pid) throws IOException {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (Files.isReadable(stat)) {
      String line = Files.readString(stat);
      // The name stands in parentheses and may hold anything, spaces and parentheses included.
      List<String> fields = List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return Optional.of(boot + " " + fields.get(START_TIME_FIELD_AFTER_NAME));
    }
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().startInstant())
        .map(Object::toString);
  }
}
