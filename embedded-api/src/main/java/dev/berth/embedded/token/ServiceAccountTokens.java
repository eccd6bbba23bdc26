package dev.berth.embedded.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.ApiPath;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.StatusException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Issues tokens for the ServiceAccounts in the store, and publishes by which keys. The keys are
 * made when somebody first asks for them, and last as long as the process: whoever checks tokens
 * has to ask again, as with a cluster that rotates its keys.
 */
public final class ServiceAccountTokens {
  static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  /** What was signed with the key before the newest is still good. */
  private static final int PUBLISHED_KEYS = 2;

  private static final long DEFAULT_SECONDS = 3600;
  private static final long LEAST_SECONDS = 600;
  private static final long MOST_SECONDS = 1L << 32;

  private final ObjectStore store;
  private final Clock clock;
  private final Deque<TokenKey> keys = new ArrayDeque<>();

  /** For what {@code store} holds. */
  public ServiceAccountTokens(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** What is published under these segments of a path, if anything. */
  public Optional<JsonNode> published(List<String> segments) {
    return switch (String.join("/", segments)) {
      case ".well-known/openid-configuration" -> Optional.of(configuration());
      case "openid/v1/jwks" -> Optional.of(keySet());
      default -> Optional.empty();
    };
  }

  /** Whether a token is asked for. */
  public static boolean isRequest(ApiPath path) {
    return path.group().isEmpty()
        && path.plural().equals("serviceaccounts")
        && path.subresource().equals("token");
  }

  /** The TokenRequest with its status. */
  public synchronized ObjectNode answer(ApiPath path, ObjectNode request) {
    ObjectNode account =
        store
            .get(new ObjectKey("", "serviceaccounts", path.namespace(), path.name()))
            .orElseThrow(
                () ->
                    StatusException.of(
                        404,
                        "NotFound",
                        "serviceaccounts \"%s\" not found".formatted(path.name())));
    long seconds = request.at("/spec/expirationSeconds").asLong(DEFAULT_SECONDS);
    if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
      throw StatusException.of(
          422,
          "Invalid",
          "spec.expirationSeconds: Invalid value: %d: may not specify a duration less than 10 minutes or larger than 2^32 seconds"
              .formatted(seconds));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = now.plusSeconds(seconds);
    ObjectNode answer = request.deepCopy();
    answer.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    ObjectNode spec = Json.child(answer, "spec");
    spec.put("expirationSeconds", seconds);
    if (spec.path("audiences").isEmpty()) {
      spec.putArray("audiences").add(ISSUER);
    }
    answer
        .putObject("status")
        .put("token", newest().sign(claims(account, spec.path("audiences"), now, end)))
        .put("expirationTimestamp", end.toString());
    return answer;
  }

  /** Signs with another key from now on; the one before stays published until the next time. */
  public synchronized void rotateKeys() {
    newest();
    keys.addFirst(TokenKey.generate());
    while (keys.size() > PUBLISHED_KEYS) {
      keys.removeLast();
    }
  }

  private static ObjectNode claims(
      ObjectNode account, JsonNode audiences, Instant now, Instant end) {
    JsonNode metadata = account.path("metadata");
    String namespace = metadata.path("namespace").asText();
    String name = metadata.path("name").asText();
    ObjectNode claims = Json.object();
    claims.set("aud", audiences);
    claims
        .put("exp", end.getEpochSecond())
        .put("iat", now.getEpochSecond())
        .put("iss", ISSUER)
        .put("jti", UUID.randomUUID().toString());
    ObjectNode kubernetes = claims.putObject("kubernetes.io").put("namespace", namespace);
    kubernetes
        .putObject("serviceaccount")
        .put("name", name)
        .put("uid", metadata.path("uid").asText());
    return claims
        .put("nbf", now.getEpochSecond())
        .put("sub", "system:serviceaccount:%s:%s".formatted(namespace, name));
  }

  private static ObjectNode configuration() {
    ObjectNode configuration =
        Json.object().put("issuer", ISSUER).put("jwks_uri", ISSUER + "/openid/v1/jwks");
    configuration.putArray("response_types_supported").add("id_token");
    configuration.putArray("subject_types_supported").add("public");
    configuration.putArray("id_token_signing_alg_values_supported").add("RS256");
    return configuration;
  }

  private synchronized ObjectNode keySet() {
    newest();
    ObjectNode set = Json.object();
    keys.forEach(key -> set.withArray("keys").add(key.toJwk()));
    return set;
  }

  private TokenKey newest() {
    if (keys.isEmpty()) {
      keys.addFirst(TokenKey.generate());
    }
    return keys.getFirst();
  }
}
