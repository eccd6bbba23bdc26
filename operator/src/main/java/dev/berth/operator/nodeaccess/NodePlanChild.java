package dev.berth.operator.nodeaccess;

import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plan that the agents mount. */
public final class NodePlanChild extends NodeChild<ConfigMap> {
  private static final String ADDRESSES = "berth.dev/addresses";

  public NodePlanChild() {
    super(ConfigMap.class, "node-plan");
  }

  @Override
  public ConfigMap desired(RegistryModel model) {
    return new ConfigMapBuilder()
        .withMetadata(metadata(model))
        .editMetadata()
        .addToAnnotations(ADDRESSES, String.join(",", nodes(model).addresses()))
        .endMetadata()
        .withData(NodePlan.configure(model, nodes(model)))
        .build();
  }

  /** The addresses of the Service that nodes were told, for a Service that is made anew. */
  public static List<String> addresses(@Nullable ConfigMap plan) {
    Map<String, String> annotations = plan == null ? null : plan.getMetadata().getAnnotations();
    String addresses = annotations == null ? null : annotations.get(ADDRESSES);
    return addresses == null || addresses.isEmpty() ? List.of() : List.of(addresses.split(",", -1));
  }
}
