package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/**
 * A JSON patch (RFC 6902) that tests what it changes, so that it needs no right to read the object
 * again, and takes nothing from one that was changed meanwhile.
 */
public final class TestedPatch {
  private static final int DOES_NOT_APPLY = 422;

  private TestedPatch() {}

  /**
   * Lets the object go, as far as this finalizer holds it. Where it does not apply, there is
   * another visit.
   */
  public static void removeFinalizer(
      HasMetadata object, String finalizer, KubernetesClient client) {
    int index = object.getMetadata().getFinalizers().indexOf(finalizer);
    if (index < 0) {
      return;
    }
    apply(
        object,
        """
        [{"op": "test", "path": "/metadata/uid", "value": "%1$s"},
         {"op": "test", "path": "/metadata/finalizers/%2$d", "value": "%3$s"},
         {"op": "remove", "path": "/metadata/finalizers/%2$d"}]
        """
            .formatted(object.getMetadata().getUid(), index, finalizer),
        client);
  }

  /**
   * Holds the object. Not by server-side apply, which would take the operator's other finalizers
   * away. Where it does not apply, there is another visit.
   */
  public static void addFinalizer(HasMetadata object, String finalizer, KubernetesClient client) {
    boolean first = object.getMetadata().getFinalizers().isEmpty();
    apply(
        object,
        """
        [{"op": "test", "path": "/metadata/resourceVersion", "value": "%s"},
         {"op": "add", "path": "/metadata/finalizers%s", "value": %s}]
        """
            .formatted(
                object.getMetadata().getResourceVersion(),
                first ? "" : "/-",
                (first ? "[\"%s\"]" : "\"%s\"").formatted(finalizer)),
        client);
  }

  /**
   * Applies the operations, or nothing where the object was changed or has gone since this copy was
   * read: a watch lags, or the answer to a patch was lost.
   */
  public static void apply(HasMetadata object, String operations, KubernetesClient client) {
    try {
      client.resource(object).patch(PatchContext.of(PatchType.JSON), operations);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != DOES_NOT_APPLY) {
        throw e;
      }
    }
  }
}
