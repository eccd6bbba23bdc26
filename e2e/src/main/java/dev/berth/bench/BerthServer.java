package dev.berth.bench;

import dev.berth.htpasswd.Htpasswd;
import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Subject;
import dev.berth.program.ProgramOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * Berth's server as it is shipped, with one user, who may do everything, and a policy that says so.
 *
 * @param jar the built server
 * @param options of the JVM, as the image has them but for the heap's
 * @param parent where its folders are made
 */
record BerthServer(Path jar, List<String> options, Path parent) implements Candidate {

  private static final String USER = "bench";

  /** The one that was built in this checkout. */
  static BerthServer of(Path home, Path parent) {
    Path jar = home.resolve("registry-server/target/berth-registry.jar");
    if (!Files.isRegularFile(jar)) {
      throw new BenchException(
          jar + " is missing: build it with mvn -B -q -DskipTests package, and start again");
    }
    return new BerthServer(jar, ProgramOptions.of(home, jar), parent);
  }

  @Override
  public String name() {
    return "Berth";
  }

  @Override
  public String version() {
    try (JarFile file = new JarFile(jar.toFile())) {
      String version =
          file.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
      return version == null ? "" : version;
    } catch (IOException e) {
      throw new BenchException(jar + " cannot be read: build it again", e);
    }
  }

  @Override
  public ServerProcess start() throws InterruptedException {
    String password = UUID.randomUUID().toString();
    int port = ServerFolder.freePort();
    ServerFolder folder = ServerFolder.in(parent);
    folder.write("htpasswd", Htpasswd.line(USER, password));
    writePolicy(folder);
    folder.write(
        "registry.yaml",
        """
        http: {address: 127.0.0.1, port: %d}
        storage: {filesystem: {path: data}}
        metadata: {embedded: {path: data/berth.db}}
        authentication: {htpasswd: {file: htpasswd}}
        policy: {file: policy.json.gz}
        """
            .formatted(port));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-Xmx128m", "-XX:MaxDirectMemorySize=64m"));
    command.addAll(List.of("-jar", jar.toString(), "--config", "registry.yaml"));
    return ServerProcess.start(folder, Endpoint.loopback(port, USER + ":" + password), command);
  }

  private static void writePolicy(ServerFolder folder) {
    Grant everything =
        new Grant(
            "bench/bench",
            List.of(new Subject(Subject.Kind.USER, USER, null)),
            List.of(new PathPattern("**")),
            EnumSet.allOf(Action.class),
            null);
    PolicyDocument policy =
        PolicyDocumentFormat.document(
            new PolicyDocument.Content(false, Creation.ON_PUSH, List.of(), List.of(everything)), 1);
    folder.write("policy.json.gz", PolicyDocumentFormat.gzip(policy));
  }
}
