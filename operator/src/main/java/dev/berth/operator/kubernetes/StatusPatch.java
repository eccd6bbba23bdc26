package dev.berth.operator.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a status when it says anything new, as an object that holds nothing else: the rest is the
 * user's.
 */
public final class StatusPatch {
  /**
   * The framework takes a user's change that comes while it writes the status for its own write, as
   * of its version 5.3, and tells nobody. A visit that finds nothing costs less than a change that
   * waits for the next one.
   */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private StatusPatch() {}

  public static <T, R extends CustomResource<?, T>> UpdateControl<R> of(
      R object, T status, Supplier<R> empty) {
    return of(object, status, empty, null);
  }

  /**
   * Writes the status when it says anything new.
   *
   * @param nextVisit when to look at the object again though nothing happens; null for never
   */
  public static <T, R extends CustomResource<?, T>> UpdateControl<R> of(
      R object, T status, Supplier<R> empty, @Nullable Duration nextVisit) {
    if (Objects.equals(status, object.getStatus())) {
      UpdateControl<R> nothing = UpdateControl.noUpdate();
      return nextVisit == null ? nothing : nothing.rescheduleAfter(nextVisit);
    }
    R patch = empty.get();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(object.getMetadata().getName())
            .withNamespace(object.getMetadata().getNamespace())
            .build());
    patch.setStatus(status);
    boolean sooner = nextVisit != null && nextVisit.compareTo(LOOK_AGAIN) < 0;
    return UpdateControl.patchStatus(patch).rescheduleAfter(sooner ? nextVisit : LOOK_AGAIN);
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
