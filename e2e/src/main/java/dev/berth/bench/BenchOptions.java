package dev.berth.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line. */
final class BenchOptions {

  private static final String DOCKER_REGISTRY = "docker-registry";
  private static final double NANOS_PER_SECOND = 1e9;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "measure the registry that runs there already, over plain HTTP")
  private @Nullable String url;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "its process on this machine, for CPU time and memory")
  private @Nullable Long pid;

  @Option(names = "--user", paramLabel = "USER:PASSWORD", description = "its login, sent as Basic")
  private @Nullable String user;

  @Option(
      names = "--against",
      paramLabel = "PROGRAM",
      description =
          "what Berth is compared with: CNCF distribution by its path or name"
              + " (default: docker-registry, where it is installed)")
  private @Nullable String against;

  @Option(names = "--alone", description = "compare Berth with nothing")
  private boolean alone;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WORKLOAD",
      converter = WorkloadConverter.class,
      description =
          "some of: push-large, push-images, push-small, manifest-get, manifest-head,"
              + " blob-get-small, blob-get-large, blob-get-large-x4, tags-list;"
              + " and push-parallel, which runs only where it is named")
  private List<Workload> only = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "how often; more give medians (default: 1)")
  private int runs;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "how long each repeated request is measured (default: 5)")
  private double seconds;

  @Option(
      names = "--large-mib",
      paramLabel = "MIB",
      defaultValue = "512",
      description = "size of the large blob (default: 512)")
  private int largeMib;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "64",
      description = "how many images of 5 x 1 MiB (default: 64)")
  private int images;

  @Option(
      names = "--small-images",
      paramLabel = "N",
      defaultValue = "600",
      description = "how many images of 3 x 4 KiB (default: 600)")
  private int smallImages;

  @Option(
      names = "--tags",
      paramLabel = "N",
      defaultValue = "2000",
      description = "how many tags the listed repository gets (default: 2000)")
  private int tags;

  @Option(
      names = "--parallel-mib",
      paramLabel = "MIB",
      defaultValue = "256",
      description = "size of the blob that 64 clients push at once (default: 256)")
  private int parallelMib;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description =
          "where the started registries keep their data meanwhile (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "write the figures there too; - is the standard output")
  private @Nullable Path json;

  @SuppressWarnings("UnusedVariable") // picocli asks for the text when it is set
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "this text")
  private boolean help;

  @Nullable Path json() {
    return json;
  }

  Path data() {
    return data;
  }

  int runs() {
    return atLeastOne("--runs", runs);
  }

  /** In the order in which they run, each once. */
  List<Workload> workloads() {
    return Arrays.stream(Workload.values())
        .filter(
            workload ->
                only.isEmpty() ? workload != Workload.PUSH_PARALLEL : only.contains(workload))
        .toList();
  }

  Scale scale() {
    if (!(seconds > 0)) {
      throw new BenchException("--seconds must be more than 0");
    }
    return new Scale(
        Duration.ofNanos((long) (seconds * NANOS_PER_SECOND)),
        atLeastOne("--large-mib", largeMib),
        atLeastOne("--images", images),
        atLeastOne("--small-images", smallImages),
        atLeastOne("--tags", tags),
        atLeastOne("--parallel-mib", parallelMib));
  }

  /**
   * What is to be measured.
   *
   * @param notes takes what the person should know and need not mend
   */
  List<Candidate> candidates(PrintWriter notes) {
    if (url != null) {
      if (against != null || alone) {
        throw new BenchException("--against and --alone are for what is started, not for --url");
      }
      return List.of(
          new GivenRegistry(Endpoint.of(url, user), pid == null ? null : ServerProbe.of(pid)));
    }
    if (pid != null || user != null) {
      throw new BenchException("--pid and --user are of a registry that --url names");
    }
    Path home = Path.of(System.getProperty("berth.home", "")).toAbsolutePath().normalize();
    List<Candidate> candidates = new ArrayList<>(List.of(BerthServer.of(home, data)));
    if (!alone) {
      other(notes).ifPresent(candidates::add);
    } else if (against != null) {
      throw new BenchException("--alone and --against exclude each other");
    }
    return candidates;
  }

  private Optional<Candidate> other(PrintWriter notes) {
    String program = against == null ? DOCKER_REGISTRY : against;
    Optional<Path> found = DistributionServer.find(program);
    if (found.isEmpty() && against != null) {
      throw new BenchException(
          "--against %s: there is no such program; name its path, or install it"
              .formatted(program));
    }
    if (found.isEmpty()) {
      notes.println(
          "Berth alone: docker-registry is not installed (Debian: apt install docker-registry)");
    }
    return found.map(path -> new DistributionServer(path, data));
  }

  private static int atLeastOne(String option, int number) {
    if (number < 1) {
      throw new BenchException(option + " must be at least 1");
    }
    return number;
  }
}
