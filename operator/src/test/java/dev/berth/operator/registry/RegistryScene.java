package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.NodeReachability;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.operator.nodeaccess.AgentState;
import dev.berth.operator.nodeaccess.NodesObserved;
import dev.berth.operator.policy.PolicyChoice;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.check.RegistryChecks;
import dev.berth.operator.registry.model.AllowedHosts;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.KeptSecrets;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryModelBuilder;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.server.PolicyDelivery;
import dev.berth.operator.server.ServerHolding;
import dev.berth.operator.server.ServerRetention;
import dev.berth.operator.server.ServerSpace;
import dev.berth.operator.server.ServerUsage;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.Creation;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.SpaceRules;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Registry and what a visit finds of it, all in order unless told otherwise; the status is that
 * of the operator's own checks and status factory.
 */
final class RegistryScene {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private static final CertificateIssuer ISSUER = new CertificateIssuer(CLOCK);
  private static final CertificateFacts CERTIFICATE =
      new CertificateFacts(
          NOW, NOW.plus(Duration.ofDays(90)), Set.of("main.registries.svc"), "ab".repeat(32));
  private static final RegistryStatusFactory STATUSES = new RegistryStatusFactory(CLOCK, "0.1.0");

  private final Registry registry;
  private final List<Finding> added = new ArrayList<>();
  private @Nullable Secret users;
  private @Nullable Secret tls;
  private CertificateFacts facts = CERTIFICATE;
  private @Nullable String claimPhase = "Bound";
  private String capacity = "20Gi";
  private int running;
  private @Nullable ServerRetention retention;
  private boolean exposed = true;
  private boolean started = true;
  private boolean reachable = true;
  private @Nullable String waiting;
  private NodesObserved nodes = new NodesObserved(null, List.of(), Map.of(), null, List.of(), NOW);
  private List<String> addresses = List.of();

  private RegistryScene(Registry registry) {
    this.registry = registry;
  }

  /** A Registry {@code main} with this spec, as a flow of YAML. */
  static RegistryScene of(String spec) {
    return named("main", spec);
  }

  static RegistryScene named(String name, String spec) {
    return new RegistryScene(
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: Registry
            metadata: {name: "%s", namespace: registries, generation: 2}
            spec: %s
            """
                .formatted(name, spec),
            Registry.class));
  }

  RegistryScene users(String htpasswd) {
    users = secret("people", Map.of("htpasswd", htpasswd));
    return this;
  }

  /** The user's certificate, which names this host. */
  RegistryScene certificate(String host, Duration ago) {
    KeyPairPem pair =
        new CertificateIssuer(Clock.offset(CLOCK, ago.negated()))
            .selfSigned(List.of(host), Duration.ofDays(90));
    tls = secret("cert", Map.of("tls.crt", pair.certificate(), "tls.key", pair.key()));
    Instant begin = NOW.minus(ago);
    facts =
        new CertificateFacts(
            begin, begin.plus(Duration.ofDays(90)), Set.of(host), CERTIFICATE.fingerprint());
    return this;
  }

  RegistryScene claim(@Nullable String phase) {
    claimPhase = phase;
    return this;
  }

  /** What the volume of the claim holds by now. */
  RegistryScene capacity(String size) {
    capacity = size;
    return this;
  }

  /** So many digests are in the policy for running Pods. */
  RegistryScene running(int images) {
    running = images;
    return this;
  }

  /** The server has looked at the rules of the defaults; they may wait for an acknowledgement. */
  RegistryScene retention(boolean held) {
    ServerRetention.Preview preview =
        new ServerRetention.Preview("2026-06-01T00:00:00Z", 40, 2, 104_857_600, List.of());
    retention =
        new ServerRetention(null, "5b1c", null, 0, held, false, held ? "it waits" : null, preview);
    return this;
  }

  /** The API server does not answer at the visit after the spec was changed. */
  Registry unanswered() throws CertificateException {
    visited().getMetadata().setGeneration(3L);
    registry.setStatus(STATUSES.unanswered(registry, "The API server did not answer"));
    return registry;
  }

  /** No Service yet, no pod. */
  RegistryScene firstVisit() {
    exposed = false;
    started = false;
    claimPhase = null;
    return this;
  }

  RegistryScene notStarted() {
    started = false;
    return this;
  }

  RegistryScene containerWaits(String reason) {
    waiting = reason;
    return this;
  }

  RegistryScene unreachable() {
    reachable = false;
    return this;
  }

  /** Two nodes, as many of them configured as there are no unready agents. */
  RegistryScene nodes(Map<String, AgentState> states, Pod... unready) {
    addresses = List.of("10.96.3.4");
    nodes =
        new NodesObserved(
            agents(2, 2 - Math.max(unready.length, states.size())),
            Stream.concat(Stream.of(unready), states.keySet().stream().map(RegistryScene::agent))
                .toList(),
            states,
            null,
            List.of(),
            NOW);
    return this;
  }

  /** Tools are to find it in kube-public. */
  RegistryScene advertised(boolean allowed) {
    registry.getMetadata().setAnnotations(Map.of("berth.dev/local-registry-hosting", "true"));
    if (!allowed) {
      added.add(
          new Finding(
              ConditionType.ADVERTISED,
              Reason.HOSTING_NOT_ALLOWED,
              Finding.Effect.NOTED,
              "No Registry may write ConfigMap local-registry-hosting"));
    }
    return this;
  }

  /** Both nodes are configured, and one of them cannot pull. */
  RegistryScene nodeThatCannotPull() {
    addresses = List.of("10.96.3.4");
    nodes =
        new NodesObserved(
            agents(2, 2),
            List.of(),
            Map.of(),
            null,
            List.of(
                new NodeReachability(
                    "default",
                    "n2",
                    "2026-06-01T00:00:00Z",
                    false,
                    "ErrImagePull: dial tcp 10.96.3.4:443: i/o timeout",
                    "p1")),
            NOW);
    return this;
  }

  /** No agent may run. */
  RegistryScene nodesForbidden() {
    addresses = List.of("10.96.3.4");
    DaemonSet agents = agents(2, 0);
    agents.getStatus().setCurrentNumberScheduled(0);
    nodes = new NodesObserved(agents, List.of(), Map.of(), "restricted", List.of(), NOW);
    return this;
  }

  /** The agents are not there yet. */
  RegistryScene nodesPending() {
    addresses = List.of("10.96.3.4");
    return this;
  }

  /** A node's agent, which is not ready. */
  static Pod agent(String node) {
    return new PodBuilder().withNewSpec().withNodeName(node).endSpec().build();
  }

  private static DaemonSet agents(int total, int ready) {
    return new DaemonSetBuilder()
        .withNewMetadata()
        .withGeneration(1L)
        .endMetadata()
        .withNewStatus()
        .withObservedGeneration(1L)
        .withDesiredNumberScheduled(total)
        .withCurrentNumberScheduled(total)
        .withUpdatedNumberScheduled(total)
        .withNumberReady(ready)
        .endStatus()
        .build();
  }

  RegistryScene with(Finding finding) {
    added.add(finding);
    return this;
  }

  /** As the operator leaves it after a visit. */
  Registry visited() throws CertificateException {
    registry.setStatus(status());
    return registry;
  }

  /** Nobody has visited it. */
  Registry fresh() {
    return registry;
  }

  /** Told to pause after a visit. */
  Registry visitedAndPaused() throws CertificateException {
    visited().getMetadata().setAnnotations(Map.of("berth.dev/paused", "true"));
    registry.setStatus(STATUSES.paused(registry));
    return registry;
  }

  /** Told to pause before the first visit. */
  Registry paused() {
    registry.getMetadata().setAnnotations(Map.of("berth.dev/paused", "true"));
    registry.setStatus(STATUSES.paused(registry));
    return registry;
  }

  private RegistryStatus status() throws CertificateException {
    PersistentVolumeClaim existing =
        registry.getSpec().storage() != null
                && registry.getSpec().storage().existingClaim() != null
                && claimPhase != null
            ? claim()
            : null;
    References references =
        new References(
            users, Map.of(), null, tls, existing, null, List.of(), null, null, null, null, null);
    List<Finding> findings =
        new ArrayList<>(RegistryChecks.findings(registry, references, CLOCK.instant()));
    if (findings.stream().anyMatch(finding -> finding.effect() == Finding.Effect.BLOCKS)) {
      return STATUSES.blocked(registry, findings);
    }
    findings.addAll(added);
    RegistryModel model =
        new RegistryModelBuilder(
                "berth.dev/berth-registry:0.1.0",
                "berth.dev/berth-node:0.1.0",
                AllowedHosts.NONE,
                "berth-system",
                ISSUER,
                CLOCK)
            .build(
                registry,
                new KeptSecrets(Map.of(), null, null, null, null),
                policy(),
                StorageChoice.of(
                    registry.getSpec(),
                    new RegistryNames(
                        registry.getMetadata().getName(), registry.getMetadata().getNamespace()),
                    references.claim(),
                    StorageModel.Hold.NONE),
                new ClusterAddresses(addresses, tls == null ? null : facts),
                Map.of());
    boolean plain = registry.getSpec().tls() != null && registry.getSpec().tls().disabled() != null;
    return STATUSES.running(registry, model, observed(), plain ? null : facts, nodes, findings);
  }

  private Observed observed() {
    boolean wanted = registry.getSpec().replicas() > 0;
    boolean serves = started && wanted && waiting == null;
    PolicyDelivery.Outcome policy =
        new PolicyDelivery.Outcome(
            serves && reachable ? 1 : 0, serves ? 1 : 0, reachable ? List.of() : List.of("main-0"));
    return new Observed(
        exposed ? workload(wanted ? 1 : 0) : null,
        exposed ? service() : null,
        claimPhase == null ? null : claim(),
        wanted && exposed ? List.of(pod(serves)) : List.of(),
        policy,
        null,
        retention == null
            ? null
            : new ServerSpace(
                new ServerUsage(0, 0, 0, 0, 0, null, null),
                null,
                Map.of("", new ServerHolding("", 0, 0, 0, 0, 0, null, null, retention))));
  }

  private static Deployment workload(int replicas) {
    return new DeploymentBuilder()
        .withNewSpec()
        .withReplicas(replicas)
        .endSpec()
        .withNewStatus()
        .withReplicas(replicas)
        .endStatus()
        .build();
  }

  private Service service() {
    return new ServiceBuilder().withNewSpec().withClusterIP("10.0.0.1").endSpec().build();
  }

  private PersistentVolumeClaim claim() {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("main-data")
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .addToRequests("storage", new Quantity("20Gi"))
        .endResources()
        .endSpec()
        .withNewStatus()
        .withPhase(claimPhase)
        .addToCapacity("storage", new Quantity(capacity))
        .endStatus()
        .build();
  }

  private Pod pod(boolean ready) {
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("main-0")
            .endMetadata()
            .withNewStatus()
            .withPodIP("10.0.0.2")
            .addNewCondition()
            .withType("Ready")
            .withStatus(ready ? "True" : "False")
            .endCondition()
            .endStatus();
    if (waiting != null) {
      pod.editStatus()
          .addToContainerStatuses(
              new ContainerStatusBuilder()
                  .withNewState()
                  .withNewWaiting()
                  .withReason(waiting)
                  .withMessage("back-off 40s restarting failed container")
                  .endWaiting()
                  .endState()
                  .build())
          .endStatus();
    }
    return pod.build();
  }

  private PolicyChoice policy() {
    PolicyDocument.Content content =
        new PolicyDocument.Content(
            true,
            Creation.ON_PUSH,
            List.of(),
            List.of(),
            List.of(),
            new ClusterTokens("https://cluster", "{}", Map.of()),
            List.of(),
            new SpaceRules(
                null,
                null,
                null,
                IntStream.range(0, running)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.toCollection(TreeSet::new)),
                null));
    return new PolicyChoice(PolicyDocumentFormat.document(content, 1), false);
  }

  private static Secret secret(String name, Map<String, String> texts) {
    SecretBuilder secret = new SecretBuilder().withNewMetadata().withName(name).endMetadata();
    texts.forEach(
        (key, text) ->
            secret.addToData(
                key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return secret.build();
  }
}
