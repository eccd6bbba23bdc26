package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks the probes of one container, as a kubelet does: by HTTP, TCP or a command. */
final class Prober implements AutoCloseable {

  private static final int FIRST_SUCCESS = 200;
  private static final int FIRST_FAILURE = 400;

  private final Container container;
  private final String podIp;
  private final Function<List<String>, ProcessBuilder> commands;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .sslContext(withoutVerification())
          .build();

  Prober(Container container, String podIp, Function<List<String>, ProcessBuilder> commands) {
    this.container = container;
    this.podIp = podIp;
    this.commands = commands;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  ProbeResult check(Probe probe, Duration timeout) {
    try {
      if (probe.getHttpGet() != null) {
        return httpGet(probe.getHttpGet(), timeout);
      }
      if (probe.getTcpSocket() != null) {
        String host = Objects.requireNonNullElse(probe.getTcpSocket().getHost(), podIp);
        return tcp(new InetSocketAddress(host, port(probe.getTcpSocket().getPort())), timeout);
      }
      if (probe.getExec() != null) {
        return exec(probe.getExec().getCommand(), timeout);
      }
      return ProbeResult.fail("this node asks httpGet, tcpSocket and exec probes only");
    } catch (IOException e) {
      return ProbeResult.fail(e.getClass().getSimpleName() + ": " + e.getMessage());
    } catch (InvalidSpecException | IllegalArgumentException e) {
      return ProbeResult.fail(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ProbeResult.fail("interrupted");
    }
  }

  private ProbeResult httpGet(HTTPGetAction get, Duration timeout)
      throws IOException, InterruptedException {
    String scheme = "HTTPS".equals(get.getScheme()) ? "https" : "http";
    String host = Objects.requireNonNullElse(get.getHost(), podIp);
    String path = Objects.requireNonNullElse(get.getPath(), "/");
    URI uri =
        URI.create(
            scheme
                + "://"
                + host
                + ":"
                + port(get.getPort())
                + (path.startsWith("/") ? "" : "/")
                + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
    for (HTTPHeader header : get.getHttpHeaders()) {
      request.header(header.getName(), header.getValue());
    }
    int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    return status >= FIRST_SUCCESS && status < FIRST_FAILURE
        ? ProbeResult.pass()
        : ProbeResult.fail("HTTP probe failed with statuscode: " + status);
  }

  private static ProbeResult tcp(InetSocketAddress address, Duration timeout) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) timeout.toMillis());
      return ProbeResult.pass();
    }
  }

  private ProbeResult exec(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    Process process =
        commands
            .apply(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return ProbeResult.fail("command timed out after " + timeout.toSeconds() + "s");
      }
      int code = process.exitValue();
      return code == 0 ? ProbeResult.pass() : ProbeResult.fail("command ended with " + code);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private int port(IntOrString port) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(p -> Objects.equals(p.getName(), port.getStrVal()))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidSpecException("the container has no port \"" + port.getStrVal() + "\""));
  }

  /**
   * Kubernetes defines HTTPS probes to skip verification: they ask whether a server answers, no
   * more.
   */
  private static SSLContext withoutVerification() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverything()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  private static final class TrustEverything extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
