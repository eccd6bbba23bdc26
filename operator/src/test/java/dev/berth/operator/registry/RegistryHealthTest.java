package dev.berth.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.argocd.HealthExamples;
import dev.berth.operator.argocd.HealthExamples.Example;
import dev.berth.operator.nodeaccess.AgentState;
import dev.berth.operator.policy.CompiledPolicy;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.policy.Creation;
import dev.berth.policy.PolicyDocument;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Argo CD's health of a Registry in every state that its status can tell of. */
@NullUnmarked // a null is a failed test
class RegistryHealthTest {
  private static final String USERS = "{authentication: {users: {secretRef: {name: people}}}}";
  private static final String DEFAULT_RULES =
      "{repositories: {defaults: {retention: {mode: Enforce}}}}";
  private static final String OWN_CERTIFICATE =
      "{externalHosts: [registry.example.com], tls: {secretRef: {name: cert}}}";
  private static final String NODES = "{nodeAccess: {mode: HostsToml}}";
  private static final String HTPASSWD =
      "alice:$2y$05$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

  private static HealthExamples all;

  @BeforeAll
  static void all() throws CertificateException {
    all = new HealthExamples("Registry", examples());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyStateHasItsHealth(Example example) throws IOException {
    all.verify(example);
  }

  @Test
  void theExpectationsNameEveryFile() throws IOException {
    all.verifyFolder();
  }

  @Test
  void everyReasonAndConditionOfARegistryIsThere() {
    assertThat(all.unusedReasons())
        .as("those of the other kinds alone; a new reason needs an example here")
        .containsExactlyInAnyOrder(
            Reason.IMAGES_REMAIN,
            Reason.IMAGES_KEPT,
            Reason.IMAGES_DELETED,
            Reason.ACCEPTED,
            Reason.REGISTRY_MISSING,
            Reason.NOT_ALLOWED,
            Reason.EXPIRED,
            Reason.DISTRIBUTED,
            Reason.NOTHING_TO_PULL);
    assertThat(all.unusedTypes())
        .containsExactlyInAnyOrder(
            ConditionType.ACCEPTED, ConditionType.ENFORCED, ConditionType.SECRETS_DISTRIBUTED);
  }

  static List<Example> examples() throws CertificateException {
    return List.of(
        // Nobody has looked, or nobody has looked since the last change.
        progressing("no-status", RegistryScene.of("{}").fresh()),
        progressing("newer-spec", changedSince(RegistryScene.of("{}").visited())),
        progressing("being-deleted", deleted(RegistryScene.of("{}").visited())),
        // What it does by itself, given time.
        progressing("first-visit", RegistryScene.of("{}").firstVisit().visited()),
        progressing("claim-pending", RegistryScene.of("{}").claim("Pending").visited()),
        progressing("pod-pending", RegistryScene.of("{}").notStarted().visited()),
        progressing(
            "load-balancer-pending",
            RegistryScene.of("{exposure: {service: {type: LoadBalancer}}}").visited()),
        progressing("replica-unreachable", RegistryScene.of("{}").unreachable().visited()),
        progressing(
            "apply-failed",
            RegistryScene.of("{}")
                .with(
                    finding(
                        Reason.APPLY_FAILED,
                        "The API server refused the service: spec.ports[0].nodePort: Invalid value:"
                            + " 30500: provided port is already allocated"))
                .visited()),
        progressing("api-failed", RegistryScene.of("{}").unanswered()),
        progressing(
            "certificate-pending",
            RegistryScene.of("{}")
                .with(
                    finding(
                        ConditionType.CERTIFICATE_VALID,
                        Reason.CERTIFICATE_PENDING,
                        "cert-manager: Waiting for the challenge"))
                .visited()),
        progressing(
            "claim-in-use",
            RegistryScene.of("{}")
                .with(
                    finding(
                        ConditionType.STORAGE_READY,
                        Reason.CLAIM_IN_USE,
                        "Claim main-data is in use by Pod main-1"))
                .visited()),
        // It works.
        healthy("ready", RegistryScene.of("{}").visited()),
        healthy("ready-plain-http", RegistryScene.of("{tls: {disabled: {}}}").visited()),
        healthy(
            "ready-for-anonymous-callers-alone",
            RegistryScene.of("{authentication: {serviceAccounts: {enabled: false}}}").visited()),
        healthy("ready-with-users", RegistryScene.of(USERS).users(HTPASSWD).visited()),
        healthy(
            "ready-with-a-certificate-of-the-user",
            RegistryScene.of(OWN_CERTIFICATE)
                .certificate("registry.example.com", Duration.ZERO)
                .visited()),
        healthy(
            "ready-but-for-a-host",
            RegistryScene.of(OWN_CERTIFICATE)
                .certificate("other.example.com", Duration.ZERO)
                .visited()),
        healthy("ready-and-growing", RegistryScene.of("{}").capacity("10Gi").visited()),
        healthy(
            "ready-but-no-larger",
            RegistryScene.of("{}")
                .with(
                    new Finding(
                        ConditionType.STORAGE_READY,
                        Reason.EXPANSION_REFUSED,
                        Effect.NOTED,
                        "Claim main-data stays at 20Gi: the storage class does not expand"))
                .visited()),
        healthy(
            "ready-with-a-certificate-that-ends-soon",
            RegistryScene.of(OWN_CERTIFICATE)
                .certificate("registry.example.com", Duration.ofDays(80))
                .visited()),
        healthy(
            "ready-but-for-a-field",
            RegistryScene.of("{monitoring: {alerts: {enabled: true}}}").visited()),
        healthy("ready-with-rules", RegistryScene.of(DEFAULT_RULES).retention(false).visited()),
        healthy(
            "ready-with-rules-on-trial",
            RegistryScene.of(DEFAULT_RULES.replace("Enforce", "DryRun"))
                .retention(false)
                .visited()),
        healthy(
            "ready-with-rules-that-wait",
            RegistryScene.of(DEFAULT_RULES).retention(true).visited()),
        healthy("ready-with-many-images", RegistryScene.of("{}").running(9_000).visited()),
        healthy("ready-with-too-many-images", RegistryScene.of("{}").running(10_000).visited()),
        // It rests because somebody wants it so.
        suspended("paused", RegistryScene.of("{}").visitedAndPaused()),
        suspended("paused-from-the-start", RegistryScene.of("{}").paused()),
        suspended("stopped", RegistryScene.of("{replicas: 0}").visited()),
        // Somebody must act.
        degraded("name-invalid", RegistryScene.named("9main", "{}").visited()),
        degraded(
            "spec-invalid",
            RegistryScene.of("{podTemplate: {affinity: {nodeAffinity: nonsense}}}").visited()),
        degraded("not-supported", RegistryScene.of("{storage: {s3: {bucket: images}}}").visited()),
        degraded(
            "conflict",
            RegistryScene.of("{}")
                .with(finding(Reason.CONFLICT, "Service main exists and is not this Registry's"))
                .visited()),
        degraded(
            "claim-missing",
            RegistryScene.of("{storage: {existingClaim: {claimName: old}}}").claim(null).visited()),
        degraded("claim-lost", RegistryScene.of("{}").claim("Lost").visited()),
        degraded(
            "claim-ending",
            RegistryScene.of("{}")
                .with(
                    finding(
                        ConditionType.STORAGE_READY,
                        Reason.CLAIM_ENDING,
                        "Claim main-data is being deleted"))
                .visited()),
        degraded(
            "claim-unusable",
            RegistryScene.of("{}")
                .with(
                    finding(
                        ConditionType.STORAGE_READY,
                        Reason.CLAIM_UNUSABLE,
                        "Claim old has accessModes ReadOnlyMany and volumeMode Filesystem"))
                .visited()),
        degraded(
            "disk-full",
            RegistryScene.of("{}")
                .with(
                    finding(
                        ConditionType.STORAGE_READY,
                        Reason.DISK_FULL,
                        "The volume of claim main-data is full, so that pushes fail"))
                .visited()),
        degraded(
            "images-in-use",
            RegistryScene.of("{deletionPolicy: Delete}")
                .with(
                    finding(
                        Reason.IMAGES_IN_USE, "A pod runs an image of this registry: team-a/app-0"))
                .visited()),
        degraded(
            "cert-manager-missing",
            RegistryScene.of("{}")
                .with(
                    finding(
                        ConditionType.CERTIFICATE_VALID,
                        Reason.CERT_MANAGER_MISSING,
                        "The cluster has no API cert-manager.io/v1"))
                .visited()),
        degraded(
            "certificate-chain-invalid",
            RegistryScene.of("{}")
                .with(
                    finding(
                        ConditionType.CERTIFICATE_VALID,
                        Reason.CERTIFICATE_CHAIN_INVALID,
                        "Secret cert: the intermediate certificate is missing"))
                .visited()),
        degraded(
            "directory-missing",
            RegistryScene.of(
                    "{authentication: {ldap: {url: \"ldaps://ldap.example.com\", userSearchBase: o=a,"
                        + " bindSecretRef: {name: ldap}}}}")
                .visited()),
        degraded("users-missing", RegistryScene.of(USERS).visited()),
        degraded("users-invalid", RegistryScene.of(USERS).users("alice:password").visited()),
        healthy("ready-and-in-kube-public", RegistryScene.of("{}").advertised(true).visited()),
        healthy(
            "ready-and-not-let-into-kube-public",
            RegistryScene.of("{}").advertised(false).visited()),
        // Nodes that cannot pull by its name are no reason for others not to.
        healthy("nodes-configured", RegistryScene.of(NODES).nodes(Map.of()).visited()),
        healthy("nodes-pending", RegistryScene.of(NODES).nodesPending().visited()),
        healthy("nodes-without-config-path", node(Reason.CONFIG_PATH_UNSET)),
        healthy("nodes-with-a-directory-of-somebody-else", node(Reason.HOST_TAKEN)),
        healthy("nodes-with-another-runtime", node(Reason.RUNTIME_UNSUPPORTED)),
        healthy("nodes-whose-runtime-has-to-reload", node(Reason.RELOAD_NEEDED)),
        healthy("nodes-that-cannot-be-written-to", node(Reason.WRITE_FAILED)),
        healthy(
            "nodes-without-an-agent",
            RegistryScene.of(NODES).nodes(Map.of(), waitingAgent()).visited()),
        healthy("node-that-cannot-pull", RegistryScene.of(NODES).nodeThatCannotPull().visited()),
        healthy("nodes-that-refuse-agents", RegistryScene.of(NODES).nodesForbidden().visited()),
        healthy(
            "nodes-that-cannot-trust-the-address",
            RegistryScene.of("{nodeAccess: {mode: HostsToml}, tls: {secretRef: {name: cert}}}")
                .certificate("main.registries.svc", Duration.ZERO)
                .nodesPending()
                .visited()),
        degraded("certificate-missing", RegistryScene.of(OWN_CERTIFICATE).visited()),
        degraded(
            "certificate-expired",
            RegistryScene.of(OWN_CERTIFICATE)
                .certificate("registry.example.com", Duration.ofDays(91))
                .visited()),
        degraded(
            "pod-failing", RegistryScene.of("{}").containerWaits("CrashLoopBackOff").visited()),
        degraded("policy-too-large", RegistryScene.of("{}").with(policyTooLarge()).visited()));
  }

  private static Registry node(Reason reason) throws CertificateException {
    return RegistryScene.of(NODES)
        .nodes(Map.of("n1", new AgentState(reason, "What the agent says.")))
        .visited();
  }

  private static Pod waitingAgent() {
    return RegistryScene.agent("n1")
        .edit()
        .withNewStatus()
        .addNewContainerStatus()
        .withNewState()
        .withNewWaiting()
        .withReason("ErrImagePull")
        .withMessage("no such image")
        .endWaiting()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static Registry changedSince(Registry registry) {
    registry.getMetadata().setGeneration(3L);
    return registry;
  }

  private static Registry deleted(Registry registry) {
    registry.getMetadata().setDeletionTimestamp("2026-06-01T01:00:00Z");
    return registry;
  }

  private static Finding finding(Reason reason, String message) {
    return finding(ConditionType.READY, reason, message);
  }

  private static Finding finding(ConditionType type, Reason reason, String message) {
    return new Finding(type, reason, Effect.NOT_READY, message);
  }

  private static Finding policyTooLarge() {
    return PolicyFindings.tooLarge(
        new CompiledPolicy(
            new PolicyDocument.Content(true, Creation.ON_PUSH, List.of(), List.of()),
            Map.of(),
            Map.of(),
            Optional.empty()));
  }

  private static Example progressing(String name, Registry registry) {
    return new Example(name, "Progressing", registry);
  }

  private static Example healthy(String name, Registry registry) {
    return new Example(name, "Healthy", registry);
  }

  private static Example suspended(String name, Registry registry) {
    return new Example(name, "Suspended", registry);
  }

  private static Example degraded(String name, Registry registry) {
    return new Example(name, "Degraded", registry);
  }
}
