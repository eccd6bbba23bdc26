package dev.berth.registry.cli;

import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.blob.filesystem.FilesystemStoredFiles;
import dev.berth.registry.config.InvalidConfigurationException;
import dev.berth.registry.config.Measures;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.fsck.ContentHashes;
import dev.berth.registry.fsck.StorageCheck;
import dev.berth.registry.fsck.StorageCheck.Options;
import dev.berth.registry.fsck.StorageCheck.Summary;
import dev.berth.registry.metadata.Inspection;
import dev.berth.registry.metadata.sql.SqlInspection;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks what is stored, and mends it. */
@Command(
    name = "fsck",
    mixinStandardHelpOptions = true,
    description = {
      "Compares the database with the stored content.",
      "Without --repair nothing is changed, and a server may run meanwhile.",
      "Exit: 0 all is well, 1 there were problems, also where they are repaired now, 2 it could not run."
    },
    exitCodeOnExecutionException = FsckCommand.COULD_NOT_RUN)
final class FsckCommand implements Callable<Integer> {
  static final int COULD_NOT_RUN = 2;
  private static final int PROBLEMS = 1;
  private static final long SLOWEST = 64 << 10;

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private Main main = Main.alone();

  @Option(
      names = "--repair",
      description = "repair what can be; no server may run, such as in a Registry with replicas: 0")
  private boolean repair;

  @Option(names = "--no-hash", description = "read only content whose size is wrong")
  private boolean withoutHashes;

  @Option(
      names = "--rate",
      paramLabel = "BYTES",
      defaultValue = "50Mi",
      description = "how much to read in a second, 50Mi by default")
  private String rate = "50Mi";

  @Option(names = "--json", description = "a JSON object a line: findings, then the summary")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    long bytesPerSecond = bytesPerSecond();
    try {
      RegistryConfiguration configuration = main.configuration().configuration();
      requireStorage(configuration);
      Summary summary =
          repair ? repair(configuration, bytesPerSecond) : look(configuration, bytesPerSecond);
      return summary.problems() == 0 ? 0 : PROBLEMS;
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(err::println);
      return COULD_NOT_RUN;
    } catch (IOException | RuntimeException e) {
      err.println("berth-registry fsck: broke off: " + Main.root(e).getMessage());
      return COULD_NOT_RUN;
    }
  }

  /** A path that is wrong must not look like a registry that lost everything. */
  static void requireStorage(RegistryConfiguration configuration) {
    Path database = configuration.metadata().embedded().path();
    Path storage = configuration.storage().filesystem().path();
    if (!Files.isRegularFile(database)) {
      throw new InvalidConfigurationException(
          List.of("there is no database " + database.toAbsolutePath()));
    }
    if (!Files.isDirectory(storage)) {
      throw new InvalidConfigurationException(
          List.of("there is no folder " + storage.toAbsolutePath()));
    }
  }

  private Summary look(RegistryConfiguration configuration, long bytesPerSecond)
      throws IOException, InterruptedException {
    try (SqlInspection rows = SqlInspection.sqlite(configuration.metadata().embedded().path())) {
      requireAdopted(rows);
      StoredFiles files = files(configuration);
      return check(
          new StorageCheck(
              rows,
              files,
              new ContentHashes(files, bytesPerSecond),
              Clock.systemUTC(),
              new Options(!withoutHashes, configuration.garbageCollection().gracePeriod(), null)));
    }
  }

  private Summary repair(RegistryConfiguration configuration, long bytesPerSecond)
      throws IOException, InterruptedException {
    Path database = configuration.metadata().embedded().path();
    DatabaseLock lock = alone(database);
    Clock clock = Clock.systemUTC();
    try (SqlMetadataStore metadata =
        SqlMetadataStore.sqlite(database, clock, configuration.limits().nesting())) {
      requireAdopted(metadata.inspection());
      StoredFiles files = files(configuration);
      return check(
          new StorageCheck(
              metadata.inspection(),
              files,
              new ContentHashes(files, bytesPerSecond),
              clock,
              new Options(
                  !withoutHashes,
                  configuration.garbageCollection().gracePeriod(),
                  metadata.mending())));
    } finally {
      lock.release();
    }
  }

  /** What is yet to be adopted, no row names: it would look as if it were nobody's. */
  private static void requireAdopted(Inspection rows) {
    if (rows.isAdopting()) {
      throw new InvalidConfigurationException(
          List.of(
              "what another registry left is not taken over to its end; wait for that, or run import,"
                  + " before fsck"));
    }
  }

  private static DatabaseLock alone(Path database) {
    try {
      return DatabaseLock.take(database);
    } catch (InvalidConfigurationException e) {
      List<String> problems = new ArrayList<>(e.problems());
      problems.add("--repair needs the storage for itself: set replicas: 0 of the Registry first");
      throw new InvalidConfigurationException(problems);
    }
  }

  private Summary check(StorageCheck check) throws IOException, InterruptedException {
    FsckReport report = new FsckReport(spec.commandLine().getOut(), json, repair);
    Summary summary = check.run(report::finding);
    report.summary(summary);
    return summary;
  }

  private static StoredFiles files(RegistryConfiguration configuration) {
    return new FilesystemStoredFiles(configuration.storage().filesystem().path());
  }

  private long bytesPerSecond() {
    long bytes = Measures.bytes(rate).orElse(0);
    if (bytes < SLOWEST) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rate must be a size such as 50Mi, and 64Ki at least");
    }
    return bytes;
  }
}
