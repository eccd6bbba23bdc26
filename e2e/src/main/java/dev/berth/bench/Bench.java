package dev.berth.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program behind {@code ./bench}. */
@Command(
    name = "./bench",
    sortOptions = false,
    customSynopsis = "Usage: ./bench [options]",
    synopsisHeading = "",
    usageHelpAutoWidth = true,
    description = {
      "Measures Berth's registry server, and another one beside it, from outside.",
      "What it starts listens on 127.0.0.1 and is stopped at the end. A registry that is named"
          + " with --url keeps what is pushed, in repositories below bench/."
    },
    footer = {"", "Exit code 0; 1 when a registry failed a workload; 2 for what you can mend."})
public final class Bench implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final String STANDARD_OUTPUT = "-";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private BenchOptions options = new BenchOptions();

  private Bench() {}

  /** Ends with the exit code of {@link #run}. */
  public static void main(String[] arguments) {
    System.exit(run(writer(System.out), writer(System.err), arguments));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /** Runs the command line, and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Bench())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Bench::wrongUsage)
        .execute(arguments);
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      measure(err);
      return 0;
    } catch (BenchException e) {
      err.println(e.getMessage());
      return WRONG_USAGE;
    } catch (IOException e) {
      err.println("Failed: " + Answer.describe(e));
      return FAILED;
    }
  }

  private void measure(PrintWriter err) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path json = options.json();
    boolean piped = json != null && json.toString().equals(STANDARD_OUTPUT);
    if (json != null && !piped) {
      // Tried before, for the figures take minutes; what is in the file stays until there are new
      // ones.
      write(json, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    Scale scale = options.scale();
    int runs = options.runs();
    Machine machine = Machine.here(options.data());
    List<Candidate> candidates = options.candidates(err);
    List<RegistryReport> registries =
        new Benchmark(candidates, options.workloads(), scale, runs, err).run();
    Report report = new Report(machine, Report.Settings.of(runs, scale), registries);
    PrintWriter terminal = piped ? err : out;
    terminal.println();
    terminal.print(report.table());
    terminal.flush();
    if (piped) {
      out.print(report.json());
      out.flush();
    } else if (json != null) {
      write(json, report.json());
    }
  }

  private static void write(Path file, String content, OpenOption... how) {
    try {
      Files.writeString(file, content, how);
    } catch (IOException e) {
      throw new BenchException(
          "--json %s cannot be written (%s): name another file, or - for the terminal"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println(e.getMessage() + "; ./bench --help tells the options");
    return WRONG_USAGE;
  }
}
