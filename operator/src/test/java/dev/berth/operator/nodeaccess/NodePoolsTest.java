package dev.berth.operator.nodeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodePoolsTest {

  @Test
  void theFirstLabelThatIsKnownNamesThePool() {
    assertThat(pool(Map.of("cloud.google.com/gke-nodepool", "general"))).isEqualTo("general");
    assertThat(pool(Map.of("eks.amazonaws.com/nodegroup", "a", "karpenter.sh/nodepool", "b")))
        .isEqualTo("a");
    assertThat(pool(Map.of("karpenter.sh/nodepool", "spot"))).isEqualTo("spot");
    assertThat(pool(Map.of("agentpool", "np1"))).isEqualTo("np1");
  }

  @Test
  void aNodeWithoutAnyIsOfTheOneThatEveryClusterHas() {
    assertThat(pool(Map.of("kubernetes.io/hostname", "n1"))).isEqualTo("default");
    assertThat(pool(Map.of("agentpool", ""))).isEqualTo("default");
    assertThat(NodePools.pool(new NodeBuilder().withNewMetadata().endMetadata().build()))
        .isEqualTo("default");
  }

  private static String pool(Map<String, String> labels) {
    return NodePools.pool(
        new NodeBuilder().withNewMetadata().withLabels(labels).endMetadata().build());
  }
}
