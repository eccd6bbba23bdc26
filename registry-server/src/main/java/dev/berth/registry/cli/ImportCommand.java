package dev.berth.registry.cli;

import dev.berth.registry.adopt.Adopter;
import dev.berth.registry.blob.RunningHashes;
import dev.berth.registry.blob.filesystem.FilesystemBlobStore;
import dev.berth.registry.config.InvalidConfigurationException;
import dev.berth.registry.config.LoadedConfiguration;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.metadata.Adoption.Problem;
import dev.berth.registry.metadata.MetadataStore;
import dev.berth.registry.metadata.sql.SqlMetadataStore;
import dev.berth.registry.observe.LogOutput;
import dev.berth.registry.oci.ManifestReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Takes over a volume of registry:2 or registry:3 while no server runs on it. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Takes over what registry:2 or registry:3 left in storage.filesystem.path.",
      "Blobs stay where they are, and nothing of theirs is changed. What is broken is reported and"
          + " skipped. It can be ended at any moment and goes on when it is run again."
    })
final class ImportCommand implements Callable<Integer> {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);

  @Spec private CommandSpec spec = CommandSpec.create();
  @ParentCommand private Main main = Main.alone();

  @Option(
      names = "--all",
      description =
          "also what an earlier import has seen and was deleted since, as far as it is still stored")
  private boolean all;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      LoadedConfiguration loaded = main.configuration();
      LogOutput.configure(loaded.configuration().logging());
      StartChecks.runForStores(loaded);
      Path database = loaded.configuration().metadata().embedded().path();
      DatabaseLock lock = DatabaseLock.take(database);
      try {
        return adopt(loaded.configuration());
      } finally {
        lock.release();
      }
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(err::println);
      return 1;
    } catch (IOException e) {
      err.println("berth-registry: the import broke off; run it again: " + e);
      return 1;
    }
  }

  private int adopt(RegistryConfiguration settings) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (MetadataStore metadata =
        SqlMetadataStore.sqlite(
            settings.metadata().embedded().path(),
            Clock.systemUTC(),
            settings.limits().nesting())) {
      Adopter adopter =
          new Adopter(
              metadata,
              new FilesystemBlobStore(settings.storage().filesystem().path(), new RunningHashes()),
              new ManifestReader(settings.limits().descriptors()),
              settings);
      if (!adopter.hasSource()) {
        spec.commandLine()
            .getErr()
            .println(
                "there is nothing to import: "
                    + adopter.source().toAbsolutePath()
                    + " is no folder; storage.filesystem.path must be what distribution's"
                    + " configuration calls rootdirectory (/var/lib/registry in its image)");
        return 1;
      }
      metadata.adoption().begin(all);
      adopter.run(new Printed(metadata, out));
      out.println("done: " + metadata.adoption().progress(0).summary());
      return 0;
    }
  }

  /** Says what is skipped at once, and how far it is now and then. */
  private static final class Printed implements Adopter.Watcher {
    private final MetadataStore metadata;
    private final PrintWriter out;
    private Instant said = Instant.now();

    private Printed(MetadataStore metadata, PrintWriter out) {
      this.metadata = metadata;
      this.out = out;
    }

    @Override
    public void skipped(Problem problem) {
      out.println("skipped " + problem.path() + ": it " + problem.reason());
    }

    @Override
    public void advanced() {
      Instant now = Instant.now();
      if (said.plus(BETWEEN_LINES).isBefore(now)) {
        out.println(metadata.adoption().progress(0).summary());
        said = now;
      }
    }
  }
}
