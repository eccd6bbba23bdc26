package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.ResourceType;
import dev.berth.embedded.store.ObjectKey;
import dev.berth.embedded.store.ObjectStore;
import dev.berth.embedded.write.StatusException.Cause;
import java.util.List;

/** What an object must pass, and is completed by, before it is stored. */
public final class Admission {
  private static final ResourceType NAMESPACES =
      new ResourceType(
          "",
          "v1",
          "namespaces",
          "namespace",
          "Namespace",
          false,
          List.of(),
          List.of(),
          List.of(),
          false,
          null);

  private final CustomResourceSchemas schemas = new CustomResourceSchemas();
  private final ObjectStore store;
  private final ServiceAddresses addresses;

  /** Looks namespaces up in {@code store}. */
  public Admission(ObjectStore store) {
    this.store = store;
    this.addresses = new ServiceAddresses(store);
  }

  void checkNamespace(ResourceType type, String namespace, String name) {
    if (!type.namespaced()) {
      return;
    }
    ObjectNode found =
        store
            .get(new ObjectKey("", "namespaces", "", namespace))
            .orElseThrow(() -> StatusException.notFound(NAMESPACES, namespace));
    if (found.path("metadata").has("deletionTimestamp")) {
      String why =
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated";
      throw StatusException.forbidden(
          type, name, why, List.of(new Cause("NamespaceTerminating", "metadata.namespace", why)));
    }
  }

  void admit(ResourceType type, ObjectNode object, WriteOptions options) {
    BuiltInDefaults.apply(type, object);
    if (type.is("", "services")) {
      addresses.allocate(object);
    }
    if (type.is("apiextensions.k8s.io", "customresourcedefinitions")) {
      CustomResourceDefinitions.complete(type, object);
    }
    if (type.crd() != null) {
      schemas.admit(type, object, options.validation());
    }
  }
}
