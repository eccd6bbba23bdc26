package dev.berth.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry is reached, and as whom.
 *
 * @param authorization value of the header of that name, null without a login
 */
record Endpoint(String host, int port, @Nullable String authorization) {

  private static final int HTTP_PORT = 80;

  /**
   * Of what the command line says.
   *
   * @param user {@code USER:PASSWORD}, null for none
   */
  static Endpoint of(String url, @Nullable String user) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new BenchException(
          "--url " + url + " is no URL: it should be like http://HOST:PORT", e);
    }
    String path = uri.getRawPath();
    if (!"http".equals(uri.getScheme())
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || !(path == null || path.isEmpty() || path.equals("/"))) {
      throw new BenchException(
          "--url %s should be like http://HOST:PORT: only plain HTTP is measured".formatted(url));
    }
    return new Endpoint(
        uri.getHost(),
        uri.getPort() < 0 ? HTTP_PORT : uri.getPort(),
        user == null ? null : basic(user));
  }

  static Endpoint loopback(int port, @Nullable String user) {
    return new Endpoint("127.0.0.1", port, user == null ? null : basic(user));
  }

  /** Host and port, as the header {@code Host} has them. */
  String authority() {
    return host + ":" + port;
  }

  @Override
  public String toString() {
    return "http://" + authority();
  }

  private static String basic(String user) {
    if (user.indexOf(':') < 1) {
      throw new BenchException("--user should be USER:PASSWORD");
    }
    return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }
}
