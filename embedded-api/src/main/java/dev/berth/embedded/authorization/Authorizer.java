package dev.berth.embedded.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.StatusException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Decides by the Roles, ClusterRoles and their bindings that the store holds at that moment, and by
 * what every cluster allows everybody who is authenticated. Nobody fills in aggregated ClusterRoles
 * here.
 */
public final class Authorizer {
  private static final String GROUP = "rbac.authorization.k8s.io";

  /** The cluster's own roles system:basic-user, system:discovery and system:public-info-viewer. */
  private static final List<Rule> EVERYBODYS =
      List.of(
          new Rule(
              List.of("create"),
              List.of("authorization.k8s.io"),
              List.of("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
              List.of(),
              List.of()),
          new Rule(
              List.of("create"),
              List.of("authentication.k8s.io"),
              List.of("selfsubjectreviews"),
              List.of(),
              List.of()),
          new Rule(
              List.of("get"),
              List.of(),
              List.of(),
              List.of(),
              List.of(
                  "/api",
                  "/api/*",
                  "/apis",
                  "/apis/*",
                  "/healthz",
                  "/livez",
                  "/readyz",
                  "/openapi",
                  "/openapi/*",
                  "/version",
                  "/version/")));

  private final ObjectStore store;

  /** Decides by what {@code store} holds. */
  public Authorizer(ObjectStore store) {
    this.store = store;
  }

  /** Refuses what no rule allows. */
  public void require(Subject subject, Action action) {
    if (!allows(subject, action)) {
      throw StatusException.of(403, "Forbidden", action.refusal(subject));
    }
  }

  /** Whether a rule allows it. */
  public boolean allows(Subject subject, Action action) {
    return subject.isAdministrator()
        || rules(subject, action.namespace()).anyMatch(rule -> rule.allows(action));
  }

  /** The status of a SelfSubjectRulesReview. */
  public ObjectNode review(Subject subject, String namespace) {
    ObjectNode status = Json.object();
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode urls = status.putArray("nonResourceRules");
    Stream<Rule> rules =
        subject.isAdministrator() ? Stream.of(everything()) : rules(subject, namespace);
    rules.forEach(
        rule -> {
          if (!rule.resources().isEmpty()) {
            resources.add(rule.toReview().without(List.of("nonResourceURLs")));
          }
          if (!rule.nonResourceUrls().isEmpty()) {
            urls.add(rule.toReview().retain("verbs", "nonResourceURLs"));
          }
        });
    return status.put("incomplete", false);
  }

  private static Rule everything() {
    List<String> any = List.of("*");
    return new Rule(any, any, any, List.of(), any);
  }

  private Stream<Rule> rules(Subject subject, String namespace) {
    Stream<Rule> ofNamespace =
        namespace.isEmpty()
            ? Stream.empty()
            : bound(subject, store.list(GROUP, "rolebindings", namespace), namespace);
    return Stream.of(
            subject.groups().contains("system:authenticated")
                ? EVERYBODYS.stream()
                : Stream.<Rule>empty(),
            bound(subject, store.list(GROUP, "clusterrolebindings", ""), ""),
            ofNamespace)
        .flatMap(rules -> rules);
  }

  private Stream<Rule> bound(Subject subject, List<ObjectNode> bindings, String namespace) {
    return bindings.stream()
        .filter(
            binding ->
                elements(binding.path("subjects"))
                    .anyMatch(named -> isNamed(subject, named, namespace)))
        .flatMap(binding -> role(binding.path("roleRef"), namespace).stream())
        .flatMap(role -> elements(role.path("rules")))
        .map(Rule::of);
  }

  private static boolean isNamed(Subject subject, JsonNode named, String namespace) {
    return subject.isNamed(
        named.path("kind").asText(),
        named.path("name").asText(),
        named.path("namespace").asText(namespace));
  }

  private Optional<ObjectNode> role(JsonNode reference, String namespace) {
    String name = reference.path("name").asText();
    return reference.path("kind").asText().equals("ClusterRole")
        ? store.get(new ObjectKey(GROUP, "clusterroles", "", name))
        : store.get(new ObjectKey(GROUP, "roles", namespace, name));
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
