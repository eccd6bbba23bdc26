package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID Connect issuer on loopback, and the tokens that it makes. */
public final class TestIssuer implements AutoCloseable {
  /** What a token is for, unless a test says something else. */
  public static final String AUDIENCE = "https://registry.example.com";

  final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;
  private final Clock clock;
  private volatile RSAKey key = newKey("first");
  private volatile List<RSAKey> published = List.of(key);
  private volatile String calledInDiscovery;

  public TestIssuer(Clock clock) {
    this.clock = clock;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    this.calledInDiscovery = url();
    server.createContext("/.well-known/openid-configuration", this::discovery);
    server.createContext("/keys", this::keys);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The keys as a cluster publishes them. */
  public String keySet() {
    return new JWKSet(List.copyOf(published)).toString();
  }

  /** Signs with another key from now on, and publishes that one alone. */
  void rotate() {
    key = newKey("next-" + key.getKeyID());
    published = List.of(key);
  }

  void callItself(String issuer) {
    calledInDiscovery = issuer;
  }

  RSAKey key() {
    return key;
  }

  /** Claims of a good token, to be changed. */
  public JWTClaimsSet.Builder claims() {
    Instant now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(url())
        .audience(AUDIENCE)
        .subject("somebody")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofMinutes(10))));
  }

  /** Claims of a ServiceAccount's token. */
  public JWTClaimsSet.Builder serviceAccount(String namespace, String name, String uid) {
    return claims()
        .subject("system:serviceaccount:" + namespace + ':' + name)
        .claim(
            "kubernetes.io",
            Map.of("namespace", namespace, "serviceaccount", Map.of("name", name, "uid", uid)));
  }

  public String sign(JWTClaimsSet.Builder claims) {
    return sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims, signer());
  }

  static String sign(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer) {
    try {
      SignedJWT token = new SignedJWT(header, claims.build());
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  JWSSigner signer() {
    return signer(key);
  }

  static JWSSigner signer(RSAKey key) {
    try {
      return new RSASSASigner(key);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void discovery(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\"}".formatted(calledInDiscovery, url()));
  }

  private void keys(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    answer(exchange, keySet());
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
