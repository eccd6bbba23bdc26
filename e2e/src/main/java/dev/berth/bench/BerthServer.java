package dev.berth.bench;

import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Berth's server as it is shipped, with one user, who may do everything, and a policy that says so.
 *
 * @param jar the built server
 * @param parent where its folders are made
 */
record BerthServer(Path jar, Path parent) implements Candidate {

  private static final String USER = "bench";
  private static final int SALT_BYTES = 16;
  private static final int COST = 10;

  /** The one that was built in this checkout. */
  static BerthServer of(Path home, Path parent) {
    Path jar = home.resolve("registry-server/target/berth-registry.jar");
    if (!Files.isRegularFile(jar)) {
      throw new BenchException(
          jar + " is missing: build it with mvn -B -q -DskipTests package, and start again");
    }
    return new BerthServer(jar, parent);
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
    String password = HexFormat.of().formatHex(random());
    int port = ServerFolder.freePort();
    ServerFolder folder = ServerFolder.in(parent);
    folder.write("htpasswd", USER + ":" + hash(password) + "\n");
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
    return ServerProcess.start(
        folder,
        Endpoint.loopback(port, USER + ":" + password),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+UseSerialGC",
            "-jar",
            jar.toString(),
            "--config",
            "registry.yaml"));
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
    try {
      Files.write(folder.path().resolve("policy.json.gz"), PolicyDocumentFormat.gzip(policy));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder.path(), e);
    }
  }

  private static String hash(String password) {
    return OpenBSDBCrypt.generate("2y", password.getBytes(StandardCharsets.UTF_8), random(), COST);
  }

  private static byte[] random() {
    byte[] bytes = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
