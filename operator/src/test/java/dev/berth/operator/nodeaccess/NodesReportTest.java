package dev.berth.operator.nodeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.FailingNode;
import dev.berth.api.v1alpha1.registry.NodeReachability;
import dev.berth.api.v1alpha1.registry.NodesStatus;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.AllowedHosts;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.tls.CertificateFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodesReportTest {
  private static final ClusterAddresses ADDRESS = new ClusterAddresses(List.of("10.96.3.4"), null);
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final AgentState UNSET =
      new AgentState(Reason.CONFIG_PATH_UNSET, "No config_path. Set it.");

  @Test
  void allOfThemIsWellAndSaysSo() throws Exception {
    NodesObserved observed = observed(agents(3, 3, 3), List.of(), Map.of(), null);

    assertThat(condition(model(), observed).status()).isEqualTo(ConditionStatus.TRUE);
    assertThat(NodesReport.status(model(), observed)).isEqualTo(new NodesStatus(3, 3, List.of()));
  }

  @Test
  void theFirstThatFailsIsTheReasonAndEachIsNamedWithItsRemedy() throws Exception {
    // When
    NodesObserved observed =
        observed(
            agents(3, 3, 1),
            List.of(agent("n1", null), agent("n2", "ErrImagePull")),
            Map.of("n1", UNSET),
            null);

    // Then
    Condition condition = condition(model(), observed);
    assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
    assertThat(condition.reason()).isEqualTo("ConfigPathUnset");
    assertThat(condition.message())
        .startsWith("1 of 3 nodes are configured; node n1: No config_path. Set it.");
    assertThat(NodesReport.status(model(), observed))
        .isEqualTo(
            new NodesStatus(
                1,
                3,
                List.of(
                    new FailingNode("n1", "ConfigPathUnset", "No config_path. Set it."),
                    new FailingNode("n2", "AgentFailing", "ErrImagePull: no such image"))));
  }

  @ParameterizedTest
  @CsvSource({"59, 0", "60, 1"})
  void aNodeWhoseAgentHasBeenSilentForAMinuteIsNamed(int seconds, int failing) throws Exception {
    // Given: what the cluster says of the pods of a node that is down
    Pod silent =
        agent("n1", null)
            .edit()
            .editStatus()
            .addNewCondition()
            .withType("Ready")
            .withStatus("False")
            .withLastTransitionTime(NOW.minusSeconds(seconds).toString())
            .endCondition()
            .endStatus()
            .build();

    // When
    NodesObserved observed = observed(agents(3, 3, 2), List.of(silent), Map.of(), null);

    // Then
    assertThat(status(observed).failing()).hasSize(failing);
    assertThat(condition(model(), observed).reason())
        .isEqualTo(failing == 0 ? "NodesPending" : "AgentFailing");
    if (failing > 0) {
      assertThat(condition(model(), observed).message())
          .startsWith("2 of 3 nodes are configured; node n1: It does not answer: see whether");
    }
  }

  @Test
  void aNodeWithoutRoomForItsAgentIsNamedInTheSchedulersWords() throws Exception {
    // Given
    Pod waiting =
        new PodBuilder()
            .withNewSpec()
            .withNewAffinity()
            .withNewNodeAffinity()
            .withNewRequiredDuringSchedulingIgnoredDuringExecution()
            .addNewNodeSelectorTerm()
            .addNewMatchField()
            .withKey("metadata.name")
            .withOperator("In")
            .withValues("n2")
            .endMatchField()
            .endNodeSelectorTerm()
            .endRequiredDuringSchedulingIgnoredDuringExecution()
            .endNodeAffinity()
            .endAffinity()
            .endSpec()
            .withNewStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withMessage("0/3 nodes are available: 1 Too many pods.")
            .endCondition()
            .endStatus()
            .build();

    // When
    NodesObserved observed = observed(agents(3, 3, 2), List.of(waiting), Map.of(), null);

    // Then
    assertThat(status(observed).failing())
        .containsExactly(
            new FailingNode(
                "n2",
                "AgentFailing",
                "The node has no place for it: 0/3 nodes are available: 1 Too many pods."));
  }

  private static NodesStatus status(NodesObserved observed) throws Exception {
    return Objects.requireNonNull(NodesReport.status(model(), observed));
  }

  @Test
  void thatNoNodeTakesTheAgentIsSaid() throws Exception {
    // Given
    NodesObserved none = observed(agents(0, 0, 0), List.of(), Map.of(), null);
    RegistryModel selective =
        Rendering.model("nodeAccess: {mode: HostsToml, nodeSelector: {pool: arm}}", ADDRESS);

    // When
    Condition anywhere = condition(model(), none);
    Condition selected = condition(selective, none);

    // Then
    assertThat(anywhere.status()).isEqualTo(ConditionStatus.UNKNOWN);
    assertThat(anywhere.message()).startsWith("No node takes the agent: the cluster has none");
    assertThat(selected.message())
        .startsWith("No node takes the agent, as none matches spec.nodeAccess.nodeSelector");
  }

  @Test
  void agentsOfAnEarlierPlanDoNotCount() throws Exception {
    NodesObserved observed = observed(agents(3, 1, 3), List.of(), Map.of(), null);

    assertThat(condition(model(), observed).status()).isEqualTo(ConditionStatus.UNKNOWN);
    assertThat(NodesReport.status(model(), observed)).isEqualTo(new NodesStatus(1, 3, List.of()));
  }

  @Test
  void countsOfAnEarlierDaemonSetAreNotBelieved() throws Exception {
    DaemonSet agents = agents(3, 3, 3);
    agents.getMetadata().setGeneration(8L);

    assertThat(condition(model(), observed(agents, List.of(), Map.of(), null)).status())
        .isEqualTo(ConditionStatus.UNKNOWN);
  }

  @Test
  void aNamespaceThatRefusesTheAgentsIsSaid() throws Exception {
    DaemonSet agents = agents(3, 0, 0);
    agents.getStatus().setCurrentNumberScheduled(0);
    NodesObserved observed = observed(agents, List.of(), Map.of(), "restricted");

    Condition condition = condition(model(), observed);

    assertThat(condition.reason()).isEqualTo("PodsRefused");
    assertThat(condition.message()).contains("restricted", "enforce: privileged");
  }

  @Test
  void anAddressThatNoCertificateNamesIsSaidBeforeAnythingFails() throws Exception {
    RegistryModel model =
        Rendering.model(
            "tls: {secretRef: {name: cert}}",
            new ClusterAddresses(
                List.of("10.96.3.4"),
                new CertificateFacts(Instant.EPOCH, Instant.MAX, Set.of("main"), "ab")));

    Condition condition = condition(model, observed(null, List.of(), Map.of(), null));

    assertThat(condition.reason()).isEqualTo("AddressNotCovered");
    assertThat(condition.message()).contains("10.96.3.4");
  }

  @Test
  void aNodeThatIsConfiguredAndCannotPullIsTheReason() throws Exception {
    // When
    NodesObserved observed =
        new NodesObserved(
            agents(3, 3, 3),
            List.of(),
            Map.of(),
            null,
            List.of(
                pull("a", "n1", true, null),
                pull("b", "n2", null, "The Pod did not start: Too many pods"),
                pull("c", "n3", false, "ErrImagePull: i/o timeout")),
            NOW);

    // Then
    Condition condition = condition(model(), observed);
    assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
    assertThat(condition.reason()).isEqualTo("PullFailed");
    assertThat(condition.message())
        .startsWith(
            "3 of 3 nodes are configured, but node n3 of pool c cannot pull: ErrImagePull: i/o timeout")
        .contains("docs/node-access.md");
    assertThat(NodesReport.reachability(model(), observed)).hasSize(3);
  }

  @Test
  void hostsThatNodesMayNotKnowAreSaid() throws Exception {
    // When
    Condition condition =
        condition(
            Rendering.model("externalHosts: [docker.io]", ADDRESS, AllowedHosts.NONE),
            observed(agents(3, 3, 3), List.of(), Map.of(), null));

    // Then
    assertThat(condition.status()).isEqualTo(ConditionStatus.TRUE);
    assertThat(condition.message())
        .isEqualTo(
            "3 of 3 nodes are configured, without docker.io, which nodeAccess.externalHosts of the operator's chart does not name");
  }

  @Test
  void aHostThatAnotherRegistryHasIsSaid() throws Exception {
    // When
    Condition condition =
        condition(
            Rendering.model(
                "externalHosts: [a.example]",
                ADDRESS,
                AllowedHosts.NONE,
                Map.of("a.example", new ObjectKey("team-a", "main"))),
            observed(agents(3, 3, 3), List.of(), Map.of(), null));

    // Then
    assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
    assertThat(condition.reason()).isEqualTo("HostTaken");
    assertThat(condition.message())
        .startsWith(
            "3 of 3 nodes are configured, without a.example, which Registry team-a/main has.");
  }

  @Test
  void aNodeThatDidNotComeToPullingSaysNothingOfIt() throws Exception {
    NodesObserved observed =
        new NodesObserved(
            agents(3, 3, 3),
            List.of(),
            Map.of(),
            null,
            List.of(pull("b", "n2", null, "The Pod did not start: Too many pods")),
            NOW);

    assertThat(condition(model(), observed).status()).isEqualTo(ConditionStatus.TRUE);
  }

  private static NodeReachability pull(
      String pool, String node, @Nullable Boolean pulled, @Nullable String message) {
    return new NodeReachability(pool, node, "2026-06-01T00:00:00Z", pulled, message, "p1");
  }

  @Test
  void onlyAnAgentsOwnWordsAreTaken() {
    assertThat(AgentState.parse("revision r\nreason ConfigPathUnset\nmessage No\u0007 way\n"))
        .contains(new AgentState(Reason.CONFIG_PATH_UNSET, "No way"));
    assertThat(AgentState.parse("reason Ready\nmessage all is well")).isEmpty();
    assertThat(AgentState.parse("<html>")).isEmpty();
    assertThat(AgentState.parse("reason HostTaken\nmessage " + "x".repeat(9999)).orElseThrow())
        .extracting(state -> state.message().length())
        .isEqualTo(1024);
  }

  private static RegistryModel model() throws Exception {
    return Rendering.model("", ADDRESS);
  }

  private static Condition condition(RegistryModel model, NodesObserved observed) {
    Conditions conditions = new Conditions();
    NodesReport.condition(conditions, model, observed);
    return conditions.merge(List.of(), 1, Clock.systemUTC()).getFirst();
  }

  private static NodesObserved observed(
      @Nullable DaemonSet agents,
      List<Pod> unready,
      Map<String, AgentState> states,
      @Nullable String forbidden) {
    return new NodesObserved(agents, unready, states, forbidden, List.of(), NOW);
  }

  private static DaemonSet agents(int total, int updated, int ready) {
    return new DaemonSetBuilder()
        .withNewMetadata()
        .withGeneration(7L)
        .endMetadata()
        .withNewStatus()
        .withObservedGeneration(7L)
        .withDesiredNumberScheduled(total)
        .withCurrentNumberScheduled(total)
        .withUpdatedNumberScheduled(updated)
        .withNumberReady(ready)
        .endStatus()
        .build();
  }

  private static Pod agent(String node, @Nullable String waiting) {
    PodBuilder pod =
        new PodBuilder()
            .withNewSpec()
            .withNodeName(node)
            .endSpec()
            .withNewStatus()
            .withPodIP("10.0.0.9")
            .endStatus();
    if (waiting != null) {
      pod.editStatus()
          .addNewContainerStatus()
          .withNewState()
          .withNewWaiting()
          .withReason(waiting)
          .withMessage("no such image")
          .endWaiting()
          .endState()
          .endContainerStatus()
          .endStatus();
    }
    return pod.build();
  }
}
