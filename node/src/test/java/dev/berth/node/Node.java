package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The file system of a node below a folder, the plan of a Registry, and the agent at work on both.
 */
final class Node {
  static final String CERTS = "etc/containerd/certs.d";
  static final String HOST = "main.registries.svc";
  static final String OWNER = "registries/main";

  /** Version 3 of containerd's configuration, as {@code containerd config dump} writes it. */
  static final String CONFIGURATION =
      """
      version = 3
      [plugins]
        [plugins.'io.containerd.cri.v1.images']
          snapshotter = 'overlayfs'
          [plugins.'io.containerd.cri.v1.images'.registry]
            config_path = '/etc/containerd/certs.d'
      """;

  private static final Path AGENT = Path.of("src/main/image/agent").toAbsolutePath();
  private static final long LIMIT_SECONDS = 60;

  /** How it stood after a pass. */
  record Outcome(boolean ready, String reason, String message) {}

  private final Path folder;
  final Path root;
  final Path bin;

  /** With nothing but a root; skips the test where BusyBox is missing, and fails it in CI. */
  Node(Path folder) throws Exception {
    this.folder = folder;
    this.root = Files.createDirectories(folder.resolve("host"));
    this.bin = Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("plan"));
    Path busybox = busybox();
    // As in the image: each part by its name, and nothing else to be found.
    Process list = new ProcessBuilder(busybox.toString(), "--list").start();
    for (String part : list.inputReader(StandardCharsets.US_ASCII).lines().toList()) {
      Files.createSymbolicLink(bin.resolve(part), busybox);
    }
  }

  private static Path busybox() {
    Path found =
        Arrays.stream(System.getenv("PATH").split(":"))
            .map(directory -> Path.of(directory, "busybox"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    String missing = "busybox is not installed; ./verify installs what the tests use";
    if (found == null && Boolean.parseBoolean(System.getenv("CI"))) {
      fail(missing);
    }
    Assumptions.assumeTrue(found != null, missing);
    return found == null ? Path.of("busybox") : found;
  }

  /** A node whose containerd looks for hosts in {@link #CERTS}. */
  static Node withContainerd(Path folder) throws Exception {
    Node node = new Node(folder);
    node.write("run/containerd/containerd.sock", "");
    node.write("etc/containerd/config.toml", CONFIGURATION);
    return node;
  }

  Path file(String path) {
    return root.resolve(path);
  }

  Path directory(String host) {
    return root.resolve(CERTS).resolve(host);
  }

  void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** The plan that the node is brought to: hosts, each with what its hosts.toml is to hold. */
  void plan(String action, String authority, Map<String, String> hosts) throws IOException {
    planOf(OWNER, action, authority, hosts);
  }

  void planOf(String owner, String action, String authority, Map<String, String> hosts)
      throws IOException {
    Path plan = folder.resolve("plan");
    delete(plan);
    Files.createDirectories(plan);
    StringBuilder lines =
        new StringBuilder("action %s\nowner %s\nrevision r1\n".formatted(action, owner));
    int number = 0;
    for (Map.Entry<String, String> host : new TreeMap<>(hosts).entrySet()) {
      lines.append("host h%d %s\n".formatted(number, host.getKey()));
      Files.writeString(plan.resolve("h%d.hosts.toml".formatted(number)), host.getValue());
      number++;
    }
    lines.append("address 10.96.3.4\nend\n");
    Files.writeString(plan.resolve("plan"), lines);
    Files.writeString(plan.resolve("ca.crt"), authority);
    Files.writeString(
        plan.resolve("registries.conf"),
        "# Written by Berth for Registry %s. Changes are overwritten.\n[[registry]]\n"
            .formatted(owner));
  }

  /** One pass with the image's own shell. */
  Outcome pass() throws Exception {
    return pass(bin.resolve("sh").toString());
  }

  /** One pass with another shell, which starts what it is told instead of parts of its own. */
  Outcome pass(String shell) throws Exception {
    Path log = folder.resolve("log");
    Process process = start(shell, log, "--once");
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      fail("the agent did not end in time: " + Files.readString(log));
    }
    Outcome outcome = state();
    assertThat(process.exitValue() == 0).as(Files.readString(log)).isEqualTo(outcome.ready());
    return outcome;
  }

  Process start(String shell, Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(shell, AGENT.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    return builder.start();
  }

  private Map<String, String> environment() {
    return Map.of(
        "PATH", bin.toString(),
        "BERTH_HOST", root.toString(),
        "BERTH_PLAN", folder.resolve("plan").toString(),
        "BERTH_STATE", folder.resolve("state").toString(),
        "BERTH_INTERVAL", "0.2",
        "BERTH_PORT", folder.resolve("port").toFile().exists() ? port() : "0");
  }

  private String port() {
    try {
      return Files.readString(folder.resolve("port"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void listenAt(int port) throws IOException {
    Files.writeString(folder.resolve("port"), "127.0.0.1:" + port);
  }

  Outcome state() throws IOException {
    Path www = folder.resolve("state/www");
    List<String> lines = Files.readAllLines(www.resolve("state"));
    return new Outcome(
        Files.exists(www.resolve("ready")),
        lines.get(1).substring("reason ".length()),
        lines.get(2).substring("message ".length()));
  }

  /** Path to content of every file below the root, a link as where it points to, for comparison. */
  Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        String name = root.relativize(file).toString();
        if (Files.isSymbolicLink(file)) {
          tree.put(name, "-> " + Files.readSymbolicLink(file));
        } else {
          tree.put(name, Files.isDirectory(file) ? "/" : Files.readString(file));
        }
      }
    }
    return tree;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
