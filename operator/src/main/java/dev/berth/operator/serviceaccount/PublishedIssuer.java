package dev.berth.operator.serviceaccount;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the API server publishes of its tokens. */
public final class PublishedIssuer {
  static final String CONFIGURATION = "/.well-known/openid-configuration";
  static final String KEYS = "/openid/v1/jwks";

  /** What a public key of any kind consists of, and how it is named and used. */
  private static final List<String> MEMBERS =
      List.of("kty", "kid", "alg", "use", "n", "e", "crv", "x", "y");

  private static final ObjectMapper JSON = new ObjectMapper();

  private PublishedIssuer() {}

  /**
   * Asks the API server.
   *
   * @throws IllegalStateException when it publishes nothing of use
   */
  public static ClusterIssuer ask(KubernetesClient client) {
    return of(client::raw);
  }

  /** From what lies under a path; null: nothing. */
  static ClusterIssuer of(UnaryOperator<@Nullable String> content) {
    String issuer = read(content, CONFIGURATION).path("issuer").asText();
    if (issuer.isEmpty()) {
      throw new IllegalStateException(CONFIGURATION + " names no issuer");
    }
    return new ClusterIssuer(issuer, canonical(read(content, KEYS).path("keys")));
  }

  private static JsonNode read(UnaryOperator<@Nullable String> content, String path) {
    String text = content.apply(path);
    if (text == null) {
      throw new IllegalStateException("the API server has no " + path);
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(path + " is no JSON", e);
    }
  }

  /** In one order and without what changes nothing, or each reading could be another document. */
  private static String canonical(JsonNode published) {
    List<ObjectNode> keys =
        StreamSupport.stream(published.spliterator(), false)
            .map(PublishedIssuer::publicKey)
            .sorted(
                Comparator.comparing((ObjectNode key) -> key.path("kid").asText())
                    .thenComparing(ObjectNode::toString))
            .toList();
    if (keys.isEmpty()) {
      throw new IllegalStateException(KEYS + " has no keys");
    }
    ObjectNode set = JSON.createObjectNode();
    set.putArray("keys").addAll(keys);
    return set.toString();
  }

  private static ObjectNode publicKey(JsonNode published) {
    ObjectNode key = JSON.createObjectNode();
    for (String member : MEMBERS) {
      if (published.hasNonNull(member)) {
        key.set(member, published.get(member));
      }
    }
    return key;
  }
}
