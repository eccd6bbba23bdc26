package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.PullCredential;
import dev.berth.registry.config.ConfigurationReader;
import dev.berth.registry.config.LoadedConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server on loopback whose files lie in one folder, and requests to it. */
public final class TestRegistry implements AutoCloseable {
  public static final String MANAGEMENT_TOKEN = "management-secret";
  public static final String PASSWORD = "correct horse";
  static final byte[] PULL_SECRET_KEY = new byte[PullCredential.KEY_BYTES];

  public final Path folder;
  public final int port = freePort();
  public final int managementPort = freePort();
  public final TestCertificates certificate = TestCertificates.ec("data");
  public final TestCertificates managementCertificate = TestCertificates.rsa("management");
  private @Nullable RegistryServer server;

  private TestRegistry(Path folder) {
    this.folder = folder;
  }

  /** Writes all files, with user alice, and starts. */
  public static TestRegistry start(Path folder, PolicyDocument policy) throws IOException {
    TestRegistry registry = prepare(folder, policy);
    registry.start();
    return registry;
  }

  static TestRegistry prepare(Path folder, PolicyDocument policy) throws IOException {
    TestRegistry registry = new TestRegistry(folder);
    registry.certificate.writeTo(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    registry.managementCertificate.writeTo(
        folder.resolve("management.crt"), folder.resolve("management.key"));
    Files.write(folder.resolve("signing.pem"), TestCertificates.ec("signing").pkcs8Pem());
    Files.writeString(folder.resolve("management.token"), MANAGEMENT_TOKEN + "\n");
    Files.writeString(folder.resolve("htpasswd"), "alice:" + bcrypt(PASSWORD) + "\n");
    Files.writeString(
        folder.resolve("pull-secrets.key"), Base64.getEncoder().encodeToString(PULL_SECRET_KEY));
    Files.write(folder.resolve("policy.json.gz"), PolicyDocumentFormat.gzip(policy));
    Files.writeString(folder.resolve("registry.yaml"), registry.yaml());
    return registry;
  }

  void start() {
    start(new Object[0]);
  }

  /** With beans that take part beside those of the registry. */
  void start(Object... beans) {
    LoadedConfiguration loaded =
        ConfigurationReader.read(folder.resolve("registry.yaml"), Map.of());
    StartChecks.run(loaded);
    server = RegistryServer.start(loaded.configuration(), beans);
  }

  private String yaml() {
    return """
        http:
          address: 127.0.0.1
          port: %2$d
          hosts: ["localhost:%2$d", "127.0.0.1:%2$d"]
          tls: {certificate: %1$s/tls.crt, key: %1$s/tls.key}
        management:
          address: 127.0.0.1
          port: %3$d
          tls: {certificate: %1$s/management.crt, key: %1$s/management.key}
          tokenFile: %1$s/management.token
        storage: {filesystem: {path: %1$s/data}}
        metadata: {embedded: {path: %1$s/data/berth.db}}
        authentication:
          signingKeyFile: %1$s/signing.pem
          htpasswd: {file: %1$s/htpasswd}
          pullSecretKeyFile: %1$s/pull-secrets.key
        policy: {file: %1$s/policy.json.gz}
        """
        .formatted(folder, port, managementPort);
  }

  public static String bcrypt(String password) {
    return new String(
        BCrypt.with(BCrypt.Version.VERSION_2Y).hash(4, password.getBytes(UTF_8)), UTF_8);
  }

  public HttpClient client() {
    return HttpClient.newBuilder()
        .sslContext(TestCertificates.trusting(certificate, managementCertificate))
        .build();
  }

  public HttpRequest.Builder data(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path));
  }

  public HttpRequest.Builder management(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + managementPort + path));
  }

  /** Sends a policy to the management port, as the operator does. */
  void deliver(HttpClient client, PolicyDocument policy) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(
            client,
            management("/v1/policy")
                .header("Authorization", "Bearer " + MANAGEMENT_TOKEN)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(PolicyDocumentFormat.gzip(policy))));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the policy was refused: " + answer.body());
    }
  }

  public static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  public static String basic(String name, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
  }

  RegistryServer server() {
    RegistryServer running = server;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
