package dev.berth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator's Deployment and what stands around it. */
class OperatorPodTest {
  private static final String VERSION = System.getProperty("project.version");

  @ParameterizedTest
  @MethodSource("dev.berth.chart.Rendered#documentedValues")
  void thePodMeetsTheRestrictedStandardWhateverTheValues(Path values) {
    JsonNode pod = Rendered.with(values).pod();
    JsonNode container = pod.at("/containers/0/securityContext");

    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(Rendered.texts(container.at("/capabilities/drop"))).containsExactly("ALL");
    assertThat(pod.path("containers")).hasSize(1);
    assertThat(pod.has("hostNetwork") || pod.has("hostPID") || pod.has("hostIPC")).isFalse();
    assertThat(Rendered.items(pod.path("volumes"))).allMatch(volume -> volume.has("emptyDir"));
    assertThat(pod.at("/containers/0/ports/0").has("hostPort")).isFalse();
  }

  @Test
  void twoReplicasRunWithProbesResourcesAndABudget() {
    Rendered rendered = Rendered.with();
    JsonNode container = rendered.container();

    assertThat(rendered.the("Deployment").at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/liveness");
    assertThat(container.at("/readinessProbe/httpGet/path").asText())
        .isEqualTo("/health/readiness");
    assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/liveness");
    assertThat(container.at("/resources/requests/memory").asText()).isEqualTo("384Mi");
    assertThat(container.at("/resources/limits").has("cpu")).isFalse();
    assertThat(rendered.the("PodDisruptionBudget").at("/spec/selector"))
        .isEqualTo(rendered.the("Deployment").at("/spec/selector"));
    assertThat(rendered.pod().at("/topologySpreadConstraints/0/whenUnsatisfiable").asText())
        .isEqualTo("ScheduleAnyway");
  }

  @Test
  void oneReplicaHasNoBudgetThatKeepsItsNode() {
    assertThat(Rendered.with("replicas=1").find("PodDisruptionBudget")).isEmpty();
    assertThat(Rendered.with("podDisruptionBudget.enabled=false").find("PodDisruptionBudget"))
        .isEmpty();
  }

  @Test
  void imagesFollowTheRelease() {
    Rendered rendered = Rendered.with();

    assertThat(rendered.container().path("image").asText())
        .isEqualTo("berth.dev/berth-operator:" + VERSION);
    assertThat(rendered.environment("BERTH_SERVER_IMAGE"))
        .contains("berth.dev/berth-registry:" + VERSION);
    assertThat(rendered.environment("BERTH_NODE_IMAGE"))
        .contains("berth.dev/berth-node:" + VERSION);
  }

  @Test
  void imagesMayBeNamedByTagOrDigest() {
    String digest = "sha256:" + "ab".repeat(32);
    Rendered rendered =
        Rendered.with(
            "image.tag=" + digest,
            "serverImage.repository=mirror:5000/server",
            "serverImage.tag=1.2");

    assertThat(rendered.container().path("image").asText())
        .isEqualTo("berth.dev/berth-operator@" + digest);
    assertThat(rendered.environment("BERTH_SERVER_IMAGE")).contains("mirror:5000/server:1.2");
  }

  @Test
  void theOperatorLearnsItsOwnNamespaceAndThoseToWatch() {
    assertThat(Rendered.with().container().at("/env/0/valueFrom/fieldRef/fieldPath").asText())
        .isEqualTo("metadata.namespace");
    assertThat(Rendered.with().environment("BERTH_WATCH_NAMESPACES")).isEmpty();
    assertThat(
            Rendered.with("watchNamespaces[0]=b", "watchNamespaces[1]=a")
                .environment("BERTH_WATCH_NAMESPACES"))
        .contains("a,b");
  }

  @Test
  void whichExternalHostsNodesAreToldIsTheOwnersChoice() {
    assertThat(Rendered.with().environment("BERTH_NODE_HOSTS")).isEmpty();
    assertThat(
            Rendered.with(
                    "nodeAccess.externalHosts[0]=*.example.com",
                    "nodeAccess.externalHosts[1]=registry.example.org:5000")
                .environment("BERTH_NODE_HOSTS"))
        .contains("*.example.com,registry.example.org:5000");
  }

  @Test
  void whereItRunsIsTheUsersChoice() {
    Rendered rendered = Rendered.with(Path.of("berth/ci/placement-values.yaml"));
    JsonNode pod = rendered.pod();

    assertThat(rendered.the("Deployment").at("/metadata/name").asText()).isEqualTo("registries");
    assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-cluster-critical");
    assertThat(pod.path("nodeSelector").has("node-role.kubernetes.io/infra")).isTrue();
    assertThat(pod.at("/tolerations/0/key").asText()).isEqualTo("infra");
    assertThat(pod.at("/affinity/podAntiAffinity").isMissingNode()).isFalse();
    assertThat(pod.at("/topologySpreadConstraints/0/topologyKey").asText())
        .isEqualTo("topology.kubernetes.io/zone");
    assertThat(rendered.environment("LOGGER_LEVELS_DEV_BERTH")).contains("DEBUG");
    assertThat(rendered.objects())
        .allMatch(object -> object.at("/metadata/labels/team").asText().equals("platform"));
  }

  @Test
  void theNetworkPolicyOpensWhatTheOperatorNeedsAndNothingElse() {
    JsonNode spec = Rendered.with().the("NetworkPolicy").path("spec");

    assertThat(Rendered.texts(spec.path("policyTypes"))).containsExactly("Ingress", "Egress");
    assertThat(Rendered.items(spec.at("/egress/0/ports")).map(port -> port.path("port").asInt()))
        .contains(443, 6443);
    assertThat(Rendered.texts(spec.at("/egress/2/to/0/podSelector/matchExpressions/0/values")))
        .containsExactly("berth-registry", "berth-node-access");
    assertThat(spec.at("/egress/2/ports/0/port").asInt()).isEqualTo(5001);
    assertThat(spec.path("egress")).hasSize(3);
    assertThat(
            Rendered.with("networkPolicy.metricsFrom=null")
                .the("NetworkPolicy")
                .at("/spec/ingress"))
        .isEmpty();
    assertThat(Rendered.with("networkPolicy.enabled=false").find("NetworkPolicy")).isEmpty();
  }
}
