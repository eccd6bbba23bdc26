package dev.berth.registry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.config.RegistryConfiguration.Management;
import dev.berth.registry.tls.Pem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server that runs with a configuration, on its management port, by the token and the
 * certificate that the configuration names.
 */
final class ManagementClient implements AutoCloseable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client;
  private final URI server;
  private final String token;

  private ManagementClient(HttpClient client, URI server, String token) {
    this.client = client;
    this.server = server;
    this.token = token;
  }

  /** What the server answered. */
  record Answer(int status, JsonNode body) {
    /** What it says for people. */
    String message() {
      return body.path("message").asText("the server answered with status " + status);
    }
  }

  /** The server cannot be asked. The message says what to do. */
  static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
      super(message);
    }
  }

  static ManagementClient of(RegistryConfiguration configuration) throws UnreachableException {
    Management management = configuration.management();
    if (management == null) {
      throw new UnreachableException(
          "the configuration has no management port to ask the server on");
    }
    Path tokenFile = management.tokenFile();
    if (tokenFile == null) {
      throw new UnreachableException(
          "the configuration has no management.tokenFile, and without a token the server refuses"
              + " everything: write a random token to a file (openssl rand -hex 32), name the file by"
              + " management.tokenFile, and start the server again");
    }
    try {
      RegistryConfiguration.Tls tls = management.tls();
      HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10));
      if (tls != null) {
        client.sslContext(
            trusting(Pem.certificates(Files.readAllBytes(tls.certificate())).getFirst()));
      }
      URI server =
          URI.create(
              (tls == null ? "http://" : "https://")
                  + host(management.address())
                  + ":"
                  + management.port());
      return new ManagementClient(client.build(), server, Files.readString(tokenFile).strip());
    } catch (IOException e) {
      throw new UnreachableException(
          "the management token or certificate cannot be read: " + e.getMessage());
    }
  }

  private static String host(String address) {
    return switch (address) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "[::1]";
      default -> address.contains(":") ? "[" + address + "]" : address;
    };
  }

  /** This certificate and no other, whatever it names. */
  private static SSLContext trusting(X509Certificate certificate) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Pinned(certificate)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has TLS", e);
    }
  }

  Answer get(String path) throws UnreachableException {
    return send(request(path).GET());
  }

  Answer post(String path, JsonNode body) throws UnreachableException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) throws UnreachableException {
    try {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == 401) {
        throw new UnreachableException(
            server + " refuses the management token; is this the configuration that it runs with?");
      }
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    } catch (ConnectException | HttpTimeoutException e) {
      throw new UnreachableException(
          "no server answers on " + server + "; does it run, and with this configuration?");
    } catch (SSLException e) {
      throw new UnreachableException(
          server + " has another certificate than the configuration names: " + e.getMessage());
    } catch (IOException e) {
      throw new UnreachableException(server + " cannot be asked: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted");
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private static final class Pinned extends X509ExtendedTrustManager {
    private final X509Certificate certificate;

    private Pinned(X509Certificate certificate) {
      this.certificate = certificate;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0 || !chain[0].equals(certificate)) {
        throw new CertificateException("it is not the expected one");
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
