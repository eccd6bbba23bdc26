package dev.berth.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * CNCF distribution, which Debian calls docker-registry: no login, no access log, descriptors
 * cached in memory.
 *
 * @param program the executable
 * @param parent where its folders are made
 */
record DistributionServer(Path program, Path parent) implements Candidate {

  /** The executable of this path, or of this name on the PATH. */
  static Optional<Path> find(String program) {
    if (program.contains(File.separator)) {
      return Optional.of(Path.of(program).toAbsolutePath()).filter(DistributionServer::runs);
    }
    String folders = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .filter(DistributionServer::runs)
        .findFirst();
  }

  @Override
  public String name() {
    return String.valueOf(program.getFileName());
  }

  @Override
  public String version() {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return output.substring(output.lastIndexOf(' ') + 1);
    } catch (IOException e) {
      throw new BenchException(program + " cannot be started: " + e.getMessage(), e);
    }
  }

  @Override
  public ServerProcess start() throws InterruptedException {
    int port = ServerFolder.freePort();
    ServerFolder folder = ServerFolder.in(parent);
    folder.write(
        "config.yml",
        """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage:
          filesystem: {rootdirectory: data}
          cache: {blobdescriptor: inmemory}
        http: {addr: "127.0.0.1:%d"}
        """
            .formatted(port));
    return ServerProcess.start(
        folder, Endpoint.loopback(port, null), List.of(program.toString(), "serve", "config.yml"));
  }

  private static boolean runs(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
