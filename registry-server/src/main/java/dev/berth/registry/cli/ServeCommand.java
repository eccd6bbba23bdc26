package dev.berth.registry.cli;

import dev.berth.registry.config.InvalidConfigurationException;
import dev.berth.registry.config.LoadedConfiguration;
import dev.berth.registry.observe.LogOutput;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the server. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Starts the server; it ends when it is told to.")
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationFile configuration = new ConfigurationFile();

  @Override
  public Integer call() {
    return serve(configuration, spec.commandLine().getErr());
  }

  /** Returns while the server runs, or says why it does not. */
  static int serve(ConfigurationFile configuration, PrintWriter err) {
    try {
      LoadedConfiguration loaded = configuration.read();
      LogOutput.configure(loaded.configuration().logging());
      StartChecks.run(loaded);
      DatabaseLock lock = DatabaseLock.take(loaded.configuration().metadata().embedded().path());
      RegistryServer server = RegistryServer.start(loaded.configuration());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, lock), "shutdown"));
      return 0;
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(err::println);
      return 1;
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Main.class).error("the server cannot start", e);
      err.println("berth-registry: cannot start: " + Main.root(e).getMessage());
      return 1;
    }
  }

  private static void end(RegistryServer server, DatabaseLock lock) {
    server.close();
    lock.release();
  }
}
