package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** Leaves out, and takes away, the child that the model does not want. */
public final class WantedCondition implements Condition<HasMetadata, Registry> {

  @Override
  public boolean isMet(
      DependentResource<HasMetadata, Registry> child,
      Registry registry,
      Context<Registry> context) {
    return ((RegistryChild<?>) child).isWanted(RegistryChild.model(context));
  }
}
