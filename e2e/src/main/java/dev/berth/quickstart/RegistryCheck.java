package dev.berth.quickstart;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Logs in to the registry the way a client does, over TLS that is verified with its CA. */
final class RegistryCheck implements AutoCloseable {

  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:access_)?token\"\\s*:\\s*\"([^\"]+)\"");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;

  private final URI registry;
  private final HttpClient http;

  RegistryCheck(URI registry, String caPem) {
    this.registry = registry;
    this.http = HttpClient.newBuilder().sslContext(trusting(caPem)).connectTimeout(TIMEOUT).build();
  }

  /** Returns when the login works; an exception tells at which step it does not. */
  void logIn(Login login) throws InterruptedException {
    HttpResponse<String> challenge = get(registry.resolve("/v2/"), "");
    if (challenge.statusCode() != UNAUTHORIZED) {
      throw unexpected("/v2/ without a login", challenge);
    }
    String header = challenge.headers().firstValue("WWW-Authenticate").orElse("");
    String realm = parameter(header, "realm");
    String service = parameter(header, "service");
    String basic =
        Base64.getEncoder()
            .encodeToString(
                (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> answer =
        get(
            URI.create(realm + "?service=" + URLEncoder.encode(service, StandardCharsets.UTF_8)),
            "Basic " + basic);
    Matcher token = TOKEN.matcher(answer.body());
    if (answer.statusCode() != OK || !token.find()) {
      throw unexpected("the token endpoint", answer);
    }
    HttpResponse<String> welcome = get(registry.resolve("/v2/"), "Bearer " + token.group(1));
    if (welcome.statusCode() != OK) {
      throw unexpected("/v2/ with a token", welcome);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpResponse<String> get(URI uri, String authorization) throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new QuickstartException(uri + " cannot be reached: " + e, e);
    }
  }

  private static QuickstartException unexpected(String what, HttpResponse<String> answer) {
    return new QuickstartException(
        what + " at " + answer.uri() + " answered with status " + answer.statusCode());
  }

  private static String parameter(String challenge, String name) {
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return matcher.group(2);
      }
    }
    throw new QuickstartException("the registry's challenge names no " + name);
  }

  private static SSLContext trusting(String caPem) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII)))) {
        trusted.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new QuickstartException("the registry's CA cannot be read: " + e.getMessage(), e);
    }
  }
}
