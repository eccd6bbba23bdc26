package dev.berth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark as a user starts it, against the built server. */
class BenchIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private Path data = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
  }

  @Test
  void measuresEveryWorkload() throws Exception {
    Path json = folder.resolve("figures.json");

    Process bench =
        start(
            "--alone --seconds 0.1 --large-mib 2 --images 2 --small-images 4 --tags 8"
                + " --parallel-mib 1 --only "
                + Arrays.stream(Workload.values())
                    .map(Workload::toString)
                    .collect(Collectors.joining(","))
                + " --data "
                + data
                + " --json "
                + json);

    assertThat(exit(bench)).describedAs(output()).isZero();
    JsonNode berth = new ObjectMapper().readTree(json.toFile()).at("/registries/0");
    assertThat(berth.path("name").asText()).isEqualTo("Berth");
    assertThat(berth.path("peakResidentMib").asDouble()).isPositive();
    List<JsonNode> measured = new ArrayList<>();
    berth.path("workloads").forEach(measured::add);
    assertThat(measured)
        .extracting(each -> each.path("workload").asText())
        .containsExactlyElementsOf(
            Arrays.stream(Workload.values()).map(Workload::toString).toList());
    assertThat(measured)
        .allSatisfy(each -> assertThat(each.path("rate").asDouble()).isPositive())
        .allSatisfy(each -> assertThat(each.path("cpuMillisPerUnit").isNumber()).isTrue());
    assertThat(output())
        .contains(Arrays.stream(Workload.values()).map(Workload::toString).toList())
        .contains("peak resident");
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void endsWhatItStartedWhenItIsInterrupted() throws Exception {
    Process bench = start("--alone --seconds 600 --only manifest-get --data " + data);
    try {
      await().atMost(LIMIT).until(() -> serverAnswers() || !bench.isAlive());
      List<ProcessHandle> servers = bench.descendants().toList();
      assertThat(servers).describedAs(output()).isNotEmpty();

      bench.destroy();

      assertThat(bench.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(servers).noneMatch(ProcessHandle::isAlive);
      assertThat(data).isEmptyDirectory();
    } finally {
      bench.descendants().forEach(ProcessHandle::destroyForcibly);
      bench.destroyForcibly();
    }
  }

  /** Once there is a database, it is between its start and its end. */
  private boolean serverAnswers() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.anyMatch(file -> file.endsWith("berth.db"));
    }
  }

  private int exit(Process process) throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private Process start(String arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bench").toString()));
    command.addAll(List.of(arguments.split(" ", -1)));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }
}
