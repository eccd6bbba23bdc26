package dev.berth.operator.policy;

import dev.berth.api.v1alpha1.RepositoryQuota;
import dev.berth.policy.Quota;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts the limits of a spec into numbers. Pure. */
final class QuotaCompiler {
  private static final Quota NONE = new Quota(null, null, null, null);

  private QuotaCompiler() {}

  /** The limits; null: none. What is no number of bytes limits nothing, and is reported. */
  static @Nullable Quota of(@Nullable RepositoryQuota spec) {
    Quota quota =
        spec == null
            ? NONE
            : new Quota(
                bytes(spec.storage()),
                spec.tags(),
                bytes(spec.manifestSize()),
                bytes(spec.imageSize()));
    return quota.equals(NONE) ? null : quota;
  }

  /**
   * What of it is no number of bytes.
   *
   * @param path of the field, for the message
   */
  static List<String> problems(String path, @Nullable RepositoryQuota spec) {
    return spec == null
        ? List.of()
        : Stream.of(
                problem(path + ".storage", spec.storage()),
                problem(path + ".manifestSize", spec.manifestSize()),
                problem(path + ".imageSize", spec.imageSize()))
            .flatMap(Optional::stream)
            .toList();
  }

  static Optional<String> problem(String path, @Nullable Quantity quantity) {
    return quantity == null || Bytes.of(quantity).isPresent()
        ? Optional.empty()
        : Optional.of("%s is no number of bytes such as 50Gi".formatted(path));
  }

  static @Nullable Long bytes(@Nullable Quantity quantity) {
    return quantity == null ? null : Bytes.of(quantity).orElse(null);
  }
}
