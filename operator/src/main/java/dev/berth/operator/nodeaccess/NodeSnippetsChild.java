package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.dependent.RegistryChild;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;

/** Ready files for those who own the nodes. No node reads them, so they go like any child. */
public final class NodeSnippetsChild extends RegistryChild<ConfigMap> implements Deleter<Registry> {

  public NodeSnippetsChild() {
    super(ConfigMap.class, "node-snippets");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.nodeSnippets();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.nodeAccess() != null && !model.awaitsAddress() && model.nodeAccess().isReachable();
  }

  @Override
  public ConfigMap desired(RegistryModel model) {
    return new ConfigMapBuilder()
        .withMetadata(metadata(model))
        .withData(NodeSnippets.files(model, NodeChild.nodes(model)))
        .build();
  }
}
