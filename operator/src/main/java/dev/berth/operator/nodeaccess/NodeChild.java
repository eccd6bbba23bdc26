package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.dependent.RegistryChild;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A child that has to do with nodes. None has an owner, for a deletion in the foreground would take
 * the agents away before they took their files away: {@link NodeRemoval} ends them.
 *
 * @param <R> the kind of the child
 */
abstract class NodeChild<R extends HasMetadata> extends RegistryChild<R> {

  NodeChild(Class<R> type, String name) {
    super(type, name);
  }

  @Override
  public String childName(RegistryNames names) {
    return names.nodeAccess();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return model.nodeAccess() != null && !model.awaitsAddress();
  }

  @Override
  protected boolean addOwnerReference() {
    return false;
  }

  /** What is not wanted any more waits for the agents. */
  @Override
  protected void handleDelete(
      Registry registry, @Nullable R secondary, Context<Registry> context) {}

  static NodeAccessModel nodes(RegistryModel model) {
    return Objects.requireNonNull(model.nodeAccess(), "asked for wanted children alone");
  }
}
