package dev.berth.registry.metadata;

import dev.berth.registry.oci.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How much the repositories hold, for whoever declares them. */
public interface Holdings {

  /** Each repository that there is. */
  List<Holding> all();

  /**
   * Bytes of content that the repositories of one owner hold, and those of no other. Reads every
   * link.
   *
   * @param owner of a repository
   * @return by owner; without those that have none
   */
  Map<String, Long> uniqueBytes(Function<RepositoryName, String> owner);

  /**
   * What one repository holds.
   *
   * @param bytes of its content, each counted once
   */
  record Holding(
      RepositoryName name,
      long tags,
      long manifests,
      long bytes,
      @Nullable Instant lastPushAt,
      @Nullable Instant lastPullAt) {}
}
