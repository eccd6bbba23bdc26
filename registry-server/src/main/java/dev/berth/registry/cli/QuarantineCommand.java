package dev.berth.registry.cli;

import dev.berth.registry.blob.StoredFiles;
import dev.berth.registry.blob.StoredFiles.Aside;
import dev.berth.registry.blob.filesystem.FilesystemStoredFiles;
import dev.berth.registry.config.InvalidConfigurationException;
import dev.berth.registry.config.Measures;
import dev.berth.registry.config.RegistryConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What fsck moved aside, and how it goes: no server uses it, and one may run. */
@Command(
    name = "quarantine",
    mixinStandardHelpOptions = true,
    description = "Lists and deletes the files that fsck --repair moved aside.",
    subcommands = {QuarantineCommand.Listing.class, QuarantineCommand.Emptying.class})
final class QuarantineCommand {
  @ParentCommand private Main main = Main.alone();

  /** What both look at. */
  abstract static class Looking implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();
    @ParentCommand private QuarantineCommand quarantine = new QuarantineCommand();

    @Override
    public Integer call() {
      PrintWriter err = spec.commandLine().getErr();
      try {
        RegistryConfiguration configuration = quarantine.main.configuration().configuration();
        FsckCommand.requireStorage(configuration);
        look(
            new FilesystemStoredFiles(configuration.storage().filesystem().path()),
            configuration,
            spec.commandLine().getOut());
        return 0;
      } catch (InvalidConfigurationException e) {
        e.problems().forEach(err::println);
      } catch (IOException | UncheckedIOException e) {
        err.println("berth-registry quarantine: broke off: " + Main.root(e).getMessage());
      }
      return 1;
    }

    abstract void look(StoredFiles files, RegistryConfiguration configuration, PrintWriter out)
        throws IOException;

    static String line(Aside aside) {
      return "%s, %d bytes, since %s"
          .formatted(aside.path(), aside.size(), aside.since().truncatedTo(ChronoUnit.SECONDS));
    }
  }

  /** What there is. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the files, what lies there longest first.")
  static final class Listing extends Looking {
    @Override
    void look(StoredFiles files, RegistryConfiguration configuration, PrintWriter out)
        throws IOException {
      for (Aside aside : files.aside()) {
        out.println(line(aside));
      }
      StoredFiles.Quarantine all = files.quarantined();
      out.printf(
          "_quarantine holds %s, %s.%n",
          Count.of(all.files(), "file"), Count.of(all.bytes(), "byte"));
    }
  }

  /** Deletes for good. */
  @Command(
      name = "empty",
      mixinStandardHelpOptions = true,
      description = "Deletes for good what was moved aside long enough ago.")
  static final class Emptying extends Looking {
    @Option(
        names = "--older-than",
        paramLabel = "TIME",
        description = "such as 168h; by default garbageCollection.undoWindow")
    private @Nullable String olderThan;

    @Override
    void look(StoredFiles files, RegistryConfiguration configuration, PrintWriter out)
        throws IOException {
      Duration age = age(configuration);
      Instant now = Instant.now();
      long stay = 0;
      for (Aside aside : files.aside()) {
        if (Duration.between(aside.since(), now).compareTo(age) < 0) {
          stay++;
        } else {
          files.discard(aside);
          out.println("deleted " + line(aside));
        }
      }
      out.printf("Younger, and kept: %s.%n", Count.of(stay, "file"));
    }

    private Duration age(RegistryConfiguration configuration) {
      String text = olderThan;
      if (text == null) {
        return configuration.garbageCollection().undoWindow();
      }
      Duration age = Measures.duration(text);
      if (age == null) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--older-than must be a time such as 168h");
      }
      return age;
    }
  }
}
