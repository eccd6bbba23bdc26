package dev.berth.operator.registry.dependent;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.GarbageCollected;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.Updater;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

/**
 * A child of a Registry: rendered from the model alone, applied by the framework when it differs.
 * It goes with the Registry by its owner reference. A child that is not wanted for every Registry
 * also implements {@code Deleter}.
 *
 * @param <R> the kind of the child
 */
public abstract class RegistryChild<R extends HasMetadata>
    extends KubernetesDependentResource<R, Registry>
    implements Creator<R, Registry>, Updater<R, Registry>, GarbageCollected<Registry> {

  private static final String MODEL = RegistryModel.class.getName();

  protected RegistryChild(Class<R> type, String name) {
    super(type, name);
  }

  /** Hands the model to the children that are reconciled in this context. */
  public static void render(RegistryModel model, Context<Registry> context) {
    context.managedWorkflowAndDependentResourceContext().put(MODEL, model);
  }

  /** The child's name, also while it is not wanted. */
  public abstract String childName(RegistryNames names);

  /** The child as it should be; the same model gives an equal child. */
  public abstract R desired(RegistryModel model);

  /** Whether this Registry has such a child at all. */
  public boolean isWanted(RegistryModel model) {
    return true;
  }

  static RegistryModel model(Context<Registry> context) {
    return context
        .managedWorkflowAndDependentResourceContext()
        .getMandatory(MODEL, RegistryModel.class);
  }

  protected final ObjectMeta metadata(RegistryModel model) {
    return new ObjectMetaBuilder()
        .withName(childName(model.names()))
        .withNamespace(model.names().namespace())
        .withLabels(Labels.ofRegistry(model.names().name()))
        .build();
  }

  @Override
  protected ResourceID targetSecondaryResourceID(Registry registry, Context<Registry> context) {
    RegistryNames names = model(context).names();
    return new ResourceID(childName(names), names.namespace());
  }

  @Override
  protected R desired(Registry registry, Context<Registry> context) {
    return desired(model(context));
  }

  /**
   * The cache holds only this Registry's children, so an object of that name that is not in it may
   * be somebody else's: it is looked up, and left alone.
   */
  @Override
  public R create(R desired, Registry registry, Context<Registry> context) {
    R existing = context.getClient().resource(desired).get();
    if (existing != null && !isChild(existing, registry)) {
      throw new ForeignObjectException(existing);
    }
    // The framework lets an object be created only where there is none.
    return existing == null
        ? super.create(desired, registry, context)
        : update(existing, desired, registry, context);
  }

  /** A child whose labels somebody took away is still known by its owner. */
  private static boolean isChild(HasMetadata object, Registry registry) {
    return registry.getMetadata().getName().equals(Labels.registryOf(object))
        || object.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> owner.getUid().equals(registry.getMetadata().getUid()));
  }
}
