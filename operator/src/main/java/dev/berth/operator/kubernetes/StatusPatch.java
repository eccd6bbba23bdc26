package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Writes a status when it says anything new, as an object that holds nothing else: the rest is the
 * user's.
 */
public final class StatusPatch {
  private StatusPatch() {}

  public static <T, R extends CustomResource<?, T>> UpdateControl<R> of(
      R object, T status, Supplier<R> empty) {
    if (Objects.equals(status, object.getStatus())) {
      return UpdateControl.noUpdate();
    }
    R patch = empty.get();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(object.getMetadata().getName())
            .withNamespace(object.getMetadata().getNamespace())
            .build());
    patch.setStatus(status);
    return UpdateControl.patchStatus(patch);
  }

  /** An object that went away meanwhile needs no status; any other failure is tried again. */
  public static <R extends HasMetadata> ErrorStatusUpdateControl<R> failed(Exception failure) {
    boolean gone =
        failure instanceof KubernetesClientException refused
            && refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    return gone
        ? ErrorStatusUpdateControl.<R>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }
}
