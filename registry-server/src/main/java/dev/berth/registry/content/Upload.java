package dev.berth.registry.content;

import dev.berth.registry.metadata.Uploads;
import dev.berth.registry.oci.RepositoryName;
import org.jspecify.annotations.Nullable;

/**
 * A session of an upload that goes on.
 *
 * @param receiving null where nothing was received yet
 */
public record Upload(RepositoryName repository, String id, Uploads.@Nullable Receiving receiving) {

  /** Bytes that were acknowledged. */
  public long received() {
    return receiving == null ? 0 : receiving.received();
  }
}
