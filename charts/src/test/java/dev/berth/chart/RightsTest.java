package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may do what: the operator where it looks for Registries, the users of the three kinds. */
class RightsTest {
  private static final List<String> OF_THE_CLUSTER = List.of("namespaces", "nodes");

  @Test
  void anOperatorForTheWholeClusterHasAClusterRole() {
    Rendered rendered = Rendered.with();

    assertThat(resources(role(rendered, "ClusterRole", "berth-operator")))
        .contains("namespaces", "secrets", "registries/status");
    assertThat(names(rendered, "Role")).containsExactly("berth-system/berth-operator-leader");
  }

  @Test
  void anOperatorForSomeNamespacesHasARoleInEach() {
    Rendered whole = Rendered.with();
    Rendered rendered = Rendered.with(Path.of("berth/ci/namespaces-values.yaml"));

    assertThat(resources(role(rendered, "ClusterRole", "berth-operator")))
        .containsExactlyElementsOf(OF_THE_CLUSTER);
    assertThat(names(rendered, "Role"))
        .containsExactlyInAnyOrder(
            "berth-system/berth-operator-leader", "team-a/berth-operator", "team-b/berth-operator");
    assertThat(names(rendered, "RoleBinding")).isEqualTo(names(rendered, "Role"));
    List<String> everywhere = resources(role(whole, "ClusterRole", "berth-operator"));
    assertThat(resources(role(rendered, "Role", "berth-operator")))
        .isNotEmpty()
        .isEqualTo(
            everywhere.stream().filter(resource -> !OF_THE_CLUSTER.contains(resource)).toList());
  }

  @Test
  void theKeysOfTheClusterAreReadWhateverNamespacesAreWatched() {
    for (Path values :
        List.of(
            Path.of("berth/ci/default-values.yaml"), Path.of("berth/ci/namespaces-values.yaml"))) {
      JsonNode role = role(Rendered.with(values), "ClusterRole", "berth-operator");

      assertThat(
              Rendered.items(role.path("rules"))
                  .filter(rule -> rule.has("nonResourceURLs"))
                  .map(
                      rule ->
                          Rendered.texts(rule.path("nonResourceURLs"))
                              + " "
                              + Rendered.texts(rule.path("verbs"))))
          .containsExactly("[/.well-known/openid-configuration, /openid/v1/jwks] [get]");
    }
  }

  @Test
  void everyBindingIsTheOperatorsAndNamesARoleThatExists() {
    for (Path values :
        List.of(
            Path.of("berth/ci/default-values.yaml"), Path.of("berth/ci/namespaces-values.yaml"))) {
      Rendered rendered = Rendered.with(values);

      for (String kind : List.of("ClusterRoleBinding", "RoleBinding")) {
        assertThat(rendered.all(kind))
            .isNotEmpty()
            .allSatisfy(
                binding -> {
                  assertThat(binding.at("/subjects/0/name").asText()).isEqualTo("berth-operator");
                  assertThat(binding.at("/subjects/0/namespace").asText())
                      .isEqualTo("berth-system");
                  assertThat(names(rendered, binding.at("/roleRef/kind").asText()))
                      .contains(
                          binding.at("/metadata/namespace").asText()
                              + "/"
                              + binding.at("/roleRef/name").asText());
                });
      }
    }
  }

  @Test
  void noRuleOfTheOperatorHasAWildcard() {
    Rendered rendered = Rendered.with(Path.of("berth/ci/namespaces-values.yaml"));

    assertThat(
            rendered.objects().stream()
                .filter(object -> object.has("rules"))
                .map(JsonNode::toString))
        .isNotEmpty()
        .noneMatch(role -> role.contains("\"*\""));
  }

  @Test
  void usersWhoMayViewOrEditMayViewOrEditTheThreeKinds() {
    Rendered rendered = Rendered.with();
    JsonNode view = role(rendered, "ClusterRole", "berth-operator-view");
    JsonNode edit = role(rendered, "ClusterRole", "berth-operator-edit");

    assertThat(view.at("/metadata/labels").has("rbac.authorization.k8s.io/aggregate-to-view"))
        .isTrue();
    assertThat(Rendered.texts(view.at("/rules/0/verbs"))).containsExactly("get", "list", "watch");
    assertThat(edit.at("/metadata/labels").has("rbac.authorization.k8s.io/aggregate-to-edit"))
        .isTrue();
    assertThat(edit.at("/metadata/labels").has("rbac.authorization.k8s.io/aggregate-to-view"))
        .isFalse();
    assertThat(names(Rendered.with("rbac.aggregateToUsers=false"), "ClusterRole"))
        .containsExactly("/berth-operator");
  }

  @Test
  void whatTheWholeClusterReadsIsWrittenWhereTheOwnerLetsIt() {
    Rendered rendered = Rendered.with("localRegistryHosting.enabled=true");

    assertThat(names(Rendered.with(), "Role")).noneMatch(name -> name.startsWith("kube-public/"));
    assertThat(Rendered.with().environment("BERTH_LOCAL_REGISTRY_HOSTING")).isEmpty();
    assertThat(rendered.environment("BERTH_LOCAL_REGISTRY_HOSTING")).contains("true");
    assertThat(names(rendered, "Role")).contains("kube-public/berth-operator-hosting");
    JsonNode rules = role(rendered, "Role", "berth-operator-hosting").path("rules");
    assertThat(Rendered.texts(rules.at("/0/verbs"))).containsExactly("create");
    assertThat(Rendered.texts(rules.at("/1/resourceNames")))
        .containsExactly("local-registry-hosting");
  }

  @Test
  void rightsMayBeMadeBySomebodyElse() {
    Rendered rendered = Rendered.with(Path.of("berth/ci/mirror-values.yaml"));

    assertThat(rendered.objects())
        .extracting(object -> object.path("kind").asText())
        .containsExactlyInAnyOrder("NetworkPolicy", "PodDisruptionBudget", "Service", "Deployment");
    assertThat(rendered.pod().path("serviceAccountName").asText()).isEqualTo("registry-operator");
  }

  private static JsonNode role(Rendered rendered, String kind, String name) {
    return rendered.all(kind).stream()
        .filter(role -> role.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(Rendered rendered, String kind) {
    return rendered.all(kind).stream()
        .map(
            object ->
                object.at("/metadata/namespace").asText()
                    + "/"
                    + object.at("/metadata/name").asText())
        .sorted()
        .toList();
  }

  private static List<String> resources(JsonNode role) {
    return Rendered.items(role.path("rules"))
        .flatMap(rule -> Rendered.texts(rule.path("resources")).stream())
        .toList();
  }
}
