package dev.berth.operator.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.operator.argocd.HealthExamples;
import dev.berth.operator.argocd.HealthExamples.Example;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.pullsecrets.Distribution;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Argo CD's health of an AccessPolicy in every state that its status can tell of. */
@NullUnmarked // a null is a failed test
class AccessPolicyHealthTest {
  private static final String USER = "{kind: User, name: alice}";
  private static final Verdict ACCEPTED = new Verdict(2, Reason.ACCEPTED, "Every rule counts");
  private static final AccessPolicyStatusFactory STATUSES =
      new AccessPolicyStatusFactory(
          Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC));
  private static final HealthExamples ALL = new HealthExamples("AccessPolicy", examples());

  @ParameterizedTest
  @MethodSource("examples")
  void everyStateHasItsHealth(Example example) throws IOException {
    ALL.verify(example);
  }

  @Test
  void theExpectationsNameEveryFile() throws IOException {
    ALL.verifyFolder();
  }

  @Test
  void everyReasonAndConditionOfAnAccessPolicyIsThere() {
    assertThat(EnumSet.complementOf(EnumSet.copyOf(ALL.unusedReasons())))
        .containsExactlyInAnyOrder(
            Reason.READY,
            Reason.PENDING,
            Reason.PAUSED,
            Reason.INVALID_SPEC,
            Reason.ENFORCED,
            Reason.ACCEPTED,
            Reason.REGISTRY_MISSING,
            Reason.NOT_ALLOWED,
            Reason.EXPIRED,
            Reason.CONFLICT,
            Reason.API_FAILED,
            Reason.DISTRIBUTED,
            Reason.NOTHING_TO_PULL);
    assertThat(EnumSet.complementOf(EnumSet.copyOf(ALL.unusedTypes())))
        .containsExactlyInAnyOrder(
            ConditionType.READY,
            ConditionType.ACCEPTED,
            ConditionType.ENFORCED,
            ConditionType.SECRETS_DISTRIBUTED,
            ConditionType.PAUSED,
            ConditionType.RECONCILING,
            ConditionType.STALLED);
  }

  static List<Example> examples() {
    AccessPolicy changed = judged(USER, ACCEPTED, true);
    changed.getMetadata().setGeneration(3L);
    AccessPolicy paused = judged(USER, ACCEPTED, true);
    paused.getMetadata().setAnnotations(Map.of("berth.dev/paused", "true"));
    paused.setStatus(STATUSES.paused(paused));
    AccessPolicy alone = policy(USER);
    alone.setStatus(STATUSES.withoutRegistry(alone, "registries/main"));
    return List.of(
        new Example("no-status", "Progressing", policy(USER)),
        new Example("newer-spec", "Progressing", changed),
        new Example("not-judged", "Progressing", judged(USER, null, false)),
        new Example("not-enforced-everywhere", "Progressing", judged(USER, ACCEPTED, false)),
        new Example("ready", "Healthy", judged(USER, ACCEPTED, true)),
        new Example("paused", "Suspended", paused),
        new Example("registry-missing", "Degraded", alone),
        new Example(
            "not-allowed",
            "Degraded",
            judged(
                USER,
                new Verdict(
                    2,
                    Reason.NOT_ALLOWED,
                    "spec.rules[0]: team-b/**: the Registry gives namespace team-a only team-a/**;"
                        + " nothing of it counts"),
                true)),
        new Example(
            "expired",
            "Degraded",
            judged(
                USER,
                new Verdict(2, Reason.EXPIRED, "The AccessPolicy ended at 2026-05-01T00:00:00Z"),
                true)),
        new Example(
            "expiry-invalid",
            "Degraded",
            judged(
                USER,
                new Verdict(
                    2,
                    Reason.INVALID_SPEC,
                    "spec.expiresAt 2026-02-31T00:00:00Z is not an RFC 3339 time such as"
                        + " 2027-01-01T00:00:00Z"),
                true)),
        new Example("pull-secrets", "Healthy", keeping("Pull", kept(3, List.of(), null))),
        new Example(
            "pull-secret-conflict", "Degraded", keeping("Pull", kept(2, List.of("team-b"), null))),
        new Example(
            "pull-secret-refused",
            "Progressing",
            keeping(
                "Pull", kept(2, List.of(), "in namespace team-b: exceeded quota: count/secrets"))),
        new Example("pull-secrets-of-nothing", "Degraded", keeping("Push", Distribution.NONE)));
  }

  private static Distribution kept(int namespaces, List<String> conflicts, String failure) {
    return new Distribution(
        namespaces,
        0,
        conflicts,
        Optional.ofNullable(failure),
        Optional.of(Instant.parse("2026-05-20T00:00:00Z")),
        Optional.of(Instant.parse("2026-06-19T00:00:00Z")));
  }

  private static AccessPolicy keeping(String action, Distribution distribution) {
    AccessPolicy policy =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: AccessPolicy
            metadata: {name: developers, namespace: team-a, generation: 2}
            spec:
              registryRef: {name: main, namespace: registries}
              subjects: [{kind: User, name: alice}]
              rules: [{repositories: ["team-a/**"], actions: [%s]}]
              pullSecrets: {name: registry, namespaces: {from: List, names: [a, b, c]}}
            """
                .formatted(action),
            AccessPolicy.class);
    policy.setStatus(
        STATUSES.judged(policy, Optional.of(ACCEPTED), true, Optional.of(distribution)));
    return policy;
  }

  private static AccessPolicy judged(String subjects, Verdict verdict, boolean enforced) {
    AccessPolicy policy = policy(subjects);
    policy.setStatus(
        STATUSES.judged(policy, Optional.ofNullable(verdict), enforced, Optional.empty()));
    return policy;
  }

  private static AccessPolicy policy(String subjects) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: AccessPolicy
        metadata: {name: developers, namespace: team-a, generation: 2}
        spec:
          registryRef: {name: main, namespace: registries}
          subjects: [%s]
          rules: [{repositories: ["team-a/**"], actions: [Pull, Push]}]
        """
            .formatted(subjects),
        AccessPolicy.class);
  }
}
