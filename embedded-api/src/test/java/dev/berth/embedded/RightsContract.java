package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation lets somebody do whose rights are RBAC objects. */
abstract class RightsContract extends WatchContract {
  private KubernetesClient restricted;

  @BeforeEach
  void impersonate() {
    Config config = Config.fromKubeconfig(api().kubeconfigYaml());
    config.setImpersonateUsername("system:serviceaccount:" + namespace + ":robot");
    config.setHttp2Disable(true);
    restricted = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void endImpersonation() {
    restricted.close();
  }

  @Test
  void whoHasNoRightIsRefusedInTheWordsOfTheApi() {
    assertThat(refusal(() -> restricted.secrets().inNamespace(namespace).list()))
        .isEqualTo(
            "secrets is forbidden: User \"system:serviceaccount:%1$s:robot\" cannot list resource"
                    .formatted(namespace)
                + " \"secrets\" in API group \"\" in the namespace \"%s\"".formatted(namespace));
    assertThat(refusal(() -> restricted.apps().deployments().inAnyNamespace().list()))
        .isEqualTo(
            "deployments.apps is forbidden: User \"system:serviceaccount:%1$s:robot\" cannot list"
                    .formatted(namespace)
                + " resource \"deployments\" in API group \"apps\" at the cluster scope");
    assertThat(refusal(() -> restricted.configMaps().inNamespace(namespace).withName("a").get()))
        .startsWith("configmaps \"a\" is forbidden: ");
  }

  @Test
  void aRoleHoldsInItsNamespaceForItsVerbs() {
    // Given
    client.resource(configMap("a", "1")).create();
    allow(rule("configmaps", "get", "update"));

    // Then
    assertThat(read("a").getData()).containsEntry("k", "1");
    restricted.resource(configMap("a", "2")).update();
    assertThat(refusal(() -> restricted.configMaps().inNamespace(namespace).list()))
        .contains("cannot list");
    assertThat(refusal(() -> restricted.resource(configMap("a", "2")).delete()))
        .contains("cannot delete");
    assertThat(refusal(() -> restricted.configMaps().inNamespace("default").withName("a").get()))
        .contains("in the namespace \"default\"");
  }

  @Test
  void aRuleMayBeForObjectsOfAName() {
    // Given
    client.resource(configMap("a", "1")).create();
    client.resource(configMap("b", "1")).create();
    PolicyRule rule = rule("configmaps", "get", "create");
    rule.setResourceNames(List.of("a"));
    allow(rule);

    // Then
    assertThat(read("a")).isNotNull();
    assertThat(refusal(() -> read("b"))).contains("cannot get");
    // The name of what is made is not in the request's path.
    assertThat(refusal(() -> restricted.resource(configMap("a", "1")).create()))
        .contains("cannot create");
  }

  @Test
  void applyNeedsCreateWhereThereIsNothingYet() {
    // Given
    client.resource(configMap("a", "1")).create();
    allow(rule("configmaps", "patch"));

    // Then
    restricted.resource(configMap("a", "2")).forceConflicts().serverSideApply();
    assertThat(refusal(() -> restricted.resource(configMap("b", "1")).serverSideApply()))
        .contains("cannot create resource \"configmaps\"");
  }

  @Test
  void aSubresourceIsARightOfItsOwn() {
    // Given
    allow(rule("pods", "get", "patch", "create", "update"));
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("a")
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("c")
            .withImage("any")
            .endContainer()
            .endSpec()
            .build();

    // When
    restricted.resource(pod).serverSideApply();

    // Then
    assertThat(refusal(() -> restricted.resource(pod).subresource("status").update()))
        .startsWith("pods \"a\" is forbidden: ")
        .contains("cannot update resource \"pods/status\"");
  }

  @Test
  void aClusterRoleHoldsEverywhereForAGroup() {
    // Given
    String name = namespace + "-readers";
    client
        .resource(
            new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withRules(rule("configmaps", "list"))
                .build())
        .create();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name)
                .addNewSubject(
                    "rbac.authorization.k8s.io",
                    "Group",
                    "system:serviceaccounts:" + namespace,
                    null)
                .build())
        .create();

    // Then
    restricted.configMaps().inAnyNamespace().list();
    assertThatThrownBy(() -> restricted.configMaps().inAnyNamespace().watch(ignoring()))
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void everybodyMayAskWhatTheyMayDo() {
    // Given
    allow(rule("configmaps", "get"));

    // When
    SelfSubjectRulesReview review =
        restricted
            .resource(new SelfSubjectRulesReviewBuilder().withNewSpec(namespace).build())
            .create();

    // Then
    assertThat(review.getStatus().getResourceRules())
        .filteredOn(rule -> rule.getResources().contains("configmaps"))
        .flatExtracting(ResourceRule::getVerbs)
        .containsExactly("get");
    assertThat(mayI("get")).isTrue();
    assertThat(mayI("delete")).isFalse();
    assertThat(restricted.getKubernetesVersion()).isNotNull();
  }

  private boolean mayI(String verb) {
    return restricted
        .resource(
            new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withVerb(verb)
                .withResource("configmaps")
                .withNamespace(namespace)
                .endResourceAttributes()
                .endSpec()
                .build())
        .create()
        .getStatus()
        .getAllowed();
  }

  private ConfigMap read(String name) {
    return restricted.configMaps().inNamespace(namespace).withName(name).get();
  }

  private void allow(PolicyRule rule) {
    client
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName("robot")
                .withNamespace(namespace)
                .endMetadata()
                .withRules(rule)
                .build())
        .create();
    client
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("robot")
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "robot")
                .addNewSubject(null, "ServiceAccount", "robot", namespace)
                .build())
        .create();
  }

  private static PolicyRule rule(String resource, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups("")
        .withResources(resource)
        .withVerbs(verbs)
        .build();
  }

  private static String refusal(ThrowingCallable request) {
    KubernetesClientException refused =
        catchThrowableOfType(KubernetesClientException.class, request);
    assertThat(refused).isNotNull();
    assertThat(refused.getCode()).isEqualTo(403);
    return refused.getStatus().getMessage();
  }

  private static Watcher<ConfigMap> ignoring() {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, ConfigMap map) {}

      @Override
      public void onClose(WatcherException cause) {}
    };
  }
}
