package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.Grant;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.Subject;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Whom AccessPolicies name, and which ServiceAccounts may log in because of it. */
@NullUnmarked // a null is a failed test
class CallersTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private static final Map<String, Map<String, String>> THERE =
      Map.of(
          "ci", Map.of("builder", "uid-1", "default", "uid-2"),
          "team", Map.of("app", "uid-3", "default", "uid-4"),
          "other", Map.of("default", "uid-5"));

  @Test
  void subjectsOfEveryKindCount() {
    // When
    PolicyDocument.Content content =
        compile(
            "{}",
            policy(
                "all",
                "[{kind: User, name: u}, {kind: Group, name: g}, {kind: Authenticated}, {kind: Anonymous},"
                    + " {kind: ServiceAccount, name: builder, namespace: ci}]"));

    // Then
    assertThat(content.grants())
        .singleElement()
        .extracting(Grant::subjects)
        .isEqualTo(
            List.of(
                new Subject(Subject.Kind.USER, "u", null),
                new Subject(Subject.Kind.GROUP, "g", null),
                new Subject(Subject.Kind.AUTHENTICATED, null, null),
                new Subject(Subject.Kind.ANONYMOUS, null, null),
                new Subject(Subject.Kind.SERVICE_ACCOUNT, "builder", "ci")));
  }

  @Test
  void onlyThoseThatAreNamedAndThereMayLogIn() {
    assertThat(
            uids(
                policy("one", "[{kind: ServiceAccount, name: builder, namespace: ci}]"),
                policy("gone", "[{kind: ServiceAccount, name: nobody, namespace: ci}]"),
                policy("namespace", "[{kind: ServiceAccount, namespace: team}]"),
                policy("empty", "[{kind: ServiceAccount, namespace: empty}]")))
        .isEqualTo(
            Map.of(
                "ci", Map.of("builder", "uid-1"),
                "team", Map.of("app", "uid-3", "default", "uid-4")));
  }

  @Test
  void aNamespaceIsWholeWhereOneOfItsAccountsIsNamedToo() {
    assertThat(
            uids(
                policy(
                    "both",
                    "[{kind: ServiceAccount, namespace: team},"
                        + " {kind: ServiceAccount, name: app, namespace: team}]")))
        .isEqualTo(Map.of("team", THERE.get("team")));
  }

  @Test
  void everybodyWithACredentialIsEveryServiceAccountOfTheCluster() {
    assertThat(uids(policy("everybody", "[{kind: Authenticated}]"))).isEqualTo(THERE);
  }

  @Test
  void usersGroupsAndCallersWithoutCredentialsNameNoServiceAccount() {
    assertThat(
            uids(
                policy(
                    "others",
                    "[{kind: User, name: builder}, {kind: Group, name: ci}, {kind: Anonymous}]")))
        .isEmpty();
  }

  @Test
  void anAccessPolicyThatDoesNotCountNamesNobody() {
    // Given
    AccessPolicy expired = policy("expired", "[{kind: ServiceAccount, namespace: ci}]");
    AccessPolicy outside =
        object(
            "AccessPolicy",
            "tenant",
            "outside",
            """
            {registryRef: {name: main, namespace: registries}, rules: [{repositories: [a], actions: [Pull]}],
             subjects: [{kind: Authenticated}]}
            """,
            AccessPolicy.class);

    // When, Then
    assertThat(uids(outside, expiredAt(expired, "2026-05-31T00:00:00Z"))).isEmpty();
  }

  @Test
  void noTokenIsTakenWhereTheSpecSaysSoOrNobodyKnowsTheKeys() {
    AccessPolicy everybody = policy("everybody", "[{kind: Authenticated}]");

    assertThat(
            compile("{authentication: {serviceAccounts: {enabled: false}}}", everybody)
                .clusterTokens())
        .isNull();
    assertThat(compile("{authentication: {serviceAccounts: {}}}", everybody).clusterTokens())
        .isEqualTo(new ClusterTokens("https://cluster", "{}", THERE));
    assertThat(
            PolicyCompiler.compile(
                    registry("{}"),
                    List.of(),
                    List.of(everybody),
                    name -> Optional.empty(),
                    named -> Optional.empty(),
                    NOW)
                .content()
                .clusterTokens())
        .isNull();
  }

  private static AccessPolicy expiredAt(AccessPolicy policy, String time) {
    AccessPolicy expired =
        object(
            "AccessPolicy",
            "registries",
            policy.getMetadata().getName(),
            """
            {registryRef: {name: main}, rules: [{repositories: [a], actions: [Pull]}], expiresAt: "%s",
             subjects: [{kind: ServiceAccount, namespace: ci}]}
            """
                .formatted(time),
            AccessPolicy.class);
    assertThat(expired.getSpec().subjects()).isEqualTo(policy.getSpec().subjects());
    return expired;
  }

  private static Map<String, Map<String, String>> uids(AccessPolicy... policies) {
    return compile("{}", policies).clusterTokens().uids();
  }

  private static PolicyDocument.Content compile(String registry, AccessPolicy... policies) {
    return PolicyCompiler.compile(
            registry(registry),
            List.of(),
            List.of(policies),
            name -> Optional.empty(),
            named ->
                Optional.of(new ClusterTokens("https://cluster", "{}", named.uids(new There()))),
            NOW)
        .content();
  }

  private static final class There implements ServiceAccounts {
    @Override
    public Optional<String> uid(String namespace, String name) {
      return Optional.ofNullable(of(namespace).get(name));
    }

    @Override
    public Map<String, String> of(String namespace) {
      return THERE.getOrDefault(namespace, Map.of());
    }

    @Override
    public Map<String, Map<String, String>> all() {
      return THERE;
    }
  }

  private static AccessPolicy policy(String name, String subjects) {
    return object(
        "AccessPolicy",
        "registries",
        name,
        "{registryRef: {name: main}, subjects: %s, rules: [{repositories: [a], actions: [Pull]}]}"
            .formatted(subjects),
        AccessPolicy.class);
  }

  private static Registry registry(String spec) {
    return object("Registry", "registries", "main", spec, Registry.class);
  }

  private static <T> T object(
      String kind, String namespace, String name, String spec, Class<T> type) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: %s
        metadata: {name: %s, namespace: %s, generation: 1, creationTimestamp: "2026-02-01T00:00:00Z"}
        spec:
        %s
        """
            .formatted(kind, name, namespace, spec.strip().indent(2)),
        type);
  }
}
