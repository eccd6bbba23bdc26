package dev.berth.registry.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line; without a command it starts the server. */
@Command(
    name = "berth-registry",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "An OCI registry that one YAML file configures.",
    subcommands = {ServeCommand.class, ImportCommand.class, FsckCommand.class, UndoCommand.class},
    exitCodeOnExecutionException = 1)
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFile configuration = new ConfigurationFile();

  private Main() {}

  /** As it is without a command line. */
  static Main alone() {
    return new Main();
  }

  /** Ends with 0 after a shutdown, 1 when a command fails, 2 for a wrong command line. */
  public static void main(String[] args) {
    // Events that nobody reads, and whose classes take a tenth of a second of every start.
    System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
    int code = new CommandLine(new Main()).execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  @Override
  public Integer call() {
    return ServeCommand.serve(configuration, spec.commandLine().getErr());
  }

  static Throwable root(Throwable problem) {
    Throwable cause = problem.getCause();
    return cause == null ? problem : root(cause);
  }

  /** From the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"berth-registry " + (version == null ? "development" : version)};
    }
  }
}
