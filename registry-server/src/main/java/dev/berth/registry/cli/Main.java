package dev.berth.registry.cli;

import dev.berth.registry.config.ConfigurationReader;
import dev.berth.registry.config.InvalidConfigurationException;
import dev.berth.registry.config.LoadedConfiguration;
import dev.berth.registry.observe.LogOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Starts the server. */
@Command(
    name = "berth-registry",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "An OCI registry that one YAML file configures.",
    subcommands = {
      FsckCommand.class,
      ImportCommand.class,
      QuarantineCommand.class,
      UndoCommand.class
    },
    exitCodeOnExecutionException = 1)
public final class Main implements Callable<Integer> {
  private static final String SERVE = "serve";
  private static final Path HERE = Path.of("registry.yaml");

  /** Where it is in the operator's pods. */
  private static final Path MOUNTED = Path.of("config", "registry.yaml");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = SERVE,
      description = "serve, which is the default")
  private String command = SERVE;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "the configuration; by default registry.yaml in the working directory, or where there is"
              + " none config/registry.yaml")
  private @Nullable Path config;

  private Main() {}

  /** Ends with 0 after a shutdown, 1 when the server cannot start, 2 for a wrong command line. */
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
    if (!command.equals(SERVE)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "Unknown command '" + command + "'");
    }
    try {
      LoadedConfiguration loaded = configuration();
      LogOutput.configure(loaded.configuration().logging());
      StartChecks.run(loaded);
      DatabaseLock lock = DatabaseLock.take(loaded.configuration().metadata().embedded().path());
      RegistryServer server = RegistryServer.start(loaded.configuration());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, lock), "shutdown"));
      return 0;
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(spec.commandLine().getErr()::println);
      return 1;
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Main.class).error("the server cannot start", e);
      spec.commandLine().getErr().println("berth-registry: cannot start: " + root(e).getMessage());
      return 1;
    }
  }

  private static void end(RegistryServer server, DatabaseLock lock) {
    server.close();
    lock.release();
  }

  /** As it is without a command line. */
  static Main alone() {
    return new Main();
  }

  /**
   * Read from the file that the command line names before or after a command.
   *
   * @throws InvalidConfigurationException with all that is wrong
   */
  LoadedConfiguration configuration() {
    Path file = config;
    if (file == null) {
      file = Files.exists(HERE) || !Files.exists(MOUNTED) ? HERE : MOUNTED;
    }
    return ConfigurationReader.read(file, System.getenv());
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
