package dev.berth.operator;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.NullUnmarked;

/**
 * A pod that is ready, and a management port at its address that takes policies as a registry
 * server does: over TLS with the certificate, and for the token, of the registry's keys Secret.
 */
@NullUnmarked // a null is a failed test
final class FakeReplica implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(15);

  /** Digest of the image of trial pulls. */
  static final String CANARY = "sha256:" + "c".repeat(64);

  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  /** Of this process: others run beside it. */
  private static final long NETWORK = 2 + ProcessHandle.current().pid() % 200;

  private final HttpsServer server;
  private final String token;
  private final Pod pod;
  private final KubernetesClient client;
  private final AtomicReference<PolicyDocument> policy = new AtomicReference<>();
  final AtomicBoolean refuses = new AtomicBoolean();

  /** What it says of its storage, JSON. */
  final AtomicReference<String> usage;

  /** What it says of garbage collection, JSON; "" for a server that does not know the question. */
  final AtomicReference<String> collection = new AtomicReference<>("");

  /** What it says of each Repository, JSON; "" for a server that does not know the question. */
  final AtomicReference<String> declared = new AtomicReference<>("");

  /** Revisions that it was told still hold. */
  final Queue<String> confirmed = new ConcurrentLinkedQueue<>();

  /** Paths whose repositories it was told to delete. */
  final Queue<String> deleted = new ConcurrentLinkedQueue<>();

  /** Paths that were declared when it deleted. */
  final Queue<String> knownAtDeletion = new ConcurrentLinkedQueue<>();

  /** How often it says that others are left. */
  final AtomicInteger rounds = new AtomicInteger();

  /** Whether it fails when it is told to. */
  final AtomicBoolean keepsRepositories = new AtomicBoolean();

  /** How often it was told to store the image of trial pulls. */
  final AtomicInteger canaries = new AtomicInteger();

  /** What it answers then; empty: it does not store it. */
  final AtomicReference<String> stored =
      new AtomicReference<>(
          "{\"repository\":\"berth.dev/canary\",\"digest\":\"%s\"}".formatted(CANARY));

  /** Of the certificate that it would show to clients. */
  final AtomicReference<String> fingerprint = new AtomicReference<>("");

  FakeReplica(KubernetesClient client, String namespace, String registry) throws Exception {
    this(
        client,
        namespace,
        registry,
        "{\"repositories\":2,\"tags\":3,\"manifests\":4,\"physicalBytes\":5,\"logicalBytes\":6}");
  }

  FakeReplica(KubernetesClient client, String namespace, String registry, String usage)
      throws Exception {
    this.client = client;
    this.usage = new AtomicReference<>(usage);
    int number = ADDRESSES.incrementAndGet();
    String address = "127.%d.%d.%d".formatted(NETWORK, number / 250, number % 250 + 1);
    // A pod has its volumes before it runs.
    Secret keys =
        await()
            .atMost(SOON)
            .until(
                () -> client.secrets().inNamespace(namespace).withName(registry + "-keys").get(),
                Objects::nonNull);
    token = SecretText.of(keys, "management.token");
    server = HttpsServer.create(new InetSocketAddress(address, 5001), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    server.createContext("/v1/policy", this::policy);
    server.createContext("/v1/policy/confirm", this::confirm);
    server.createContext("/v1/usage", exchange -> tell(exchange, this.usage.get()));
    server.createContext("/v1/garbage-collection", exchange -> tell(exchange, collection.get()));
    server.createContext("/v1/declared", exchange -> tell(exchange, declared.get()));
    server.createContext("/v1/repositories/delete", this::delete);
    server.createContext("/v1/canary", this::storeCanary);
    server.createContext(
        "/v1/certificate",
        exchange -> {
          try (exchange) {
            answer(exchange, "{\"fingerprint\":\"%s\"}".formatted(fingerprint.get()));
          }
        });
    server.start();
    pod =
        client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(registry + "-" + number)
                    .withNamespace(namespace)
                    .withLabels(
                        Map.of(
                            "app.kubernetes.io/managed-by",
                            "berth",
                            "berth.dev/registry",
                            registry))
                    .endMetadata()
                    .withNewSpec()
                    .withSchedulerName("the-test") // no node takes it
                    .addNewContainer()
                    .withName("registry")
                    .withImage("any")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    pod.setStatus(
        new PodBuilder()
            .withNewStatus()
            .withPhase("Running")
            .withPodIP(address)
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build()
            .getStatus());
    client.resource(pod).updateStatus();
  }

  PolicyDocument policy() {
    return policy.get();
  }

  private void policy(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (refuses.get()
          || !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      policy.set(PolicyDocumentFormat.read(exchange.getRequestBody().readAllBytes()));
      answer(exchange, "{\"revision\":\"%s\"}".formatted(policy.get().revision()));
    }
  }

  private void confirm(HttpExchange exchange) throws IOException {
    try (exchange) {
      confirmed.add(
          new ObjectMapper().readTree(exchange.getRequestBody()).required("revision").asText());
      answer(exchange, "{\"revision\":\"%s\"}".formatted(policy.get().revision()));
    }
  }

  private void delete(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path =
          new ObjectMapper().readTree(exchange.getRequestBody()).required("path").asText();
      if (keepsRepositories.get() || !exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      deleted.add(path);
      policy
          .get()
          .content()
          .repositories()
          .forEach(entry -> knownAtDeletion.add(entry.path().value()));
      boolean more = rounds.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
      answer(exchange, "{\"repositories\":2,\"more\":%s}".formatted(more));
    }
  }

  private void storeCanary(HttpExchange exchange) throws IOException {
    canaries.incrementAndGet();
    tell(exchange, stored.get());
  }

  private static void tell(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      if (json.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        answer(exchange, json);
      }
    }
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static SSLContext context(Secret keys) throws Exception {
    String key = Objects.requireNonNull(SecretText.of(keys, "management.key"));
    PrivateKey privateKey =
        KeyFactory.getInstance("EC")
            .generatePrivate(
                new PKCS8EncodedKeySpec(
                    Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", ""))));
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    Objects.requireNonNull(SecretText.of(keys, "management.crt"))
                        .getBytes(StandardCharsets.US_ASCII)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("key", privateKey, new char[0], new Certificate[] {certificate});
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @Override
  public void close() {
    client.resource(pod).delete();
    server.stop(0);
  }
}
