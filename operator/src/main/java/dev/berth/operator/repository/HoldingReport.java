package dev.berth.operator.repository;

import dev.berth.api.v1alpha1.RetentionSpec;
import dev.berth.api.v1alpha1.repository.ExpiringTag;
import dev.berth.api.v1alpha1.repository.RepositoryUsage;
import dev.berth.api.v1alpha1.repository.RetentionPreview;
import dev.berth.api.v1alpha1.repository.RetentionStatus;
import dev.berth.operator.policy.RetentionCompiler;
import dev.berth.operator.server.ServerHolding;
import dev.berth.operator.server.ServerRetention;
import dev.berth.operator.server.ServerTime;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a server says of a Repository, as its status has it. */
final class HoldingReport {
  private static final int SAMPLE = 20;

  /** No name, digest or reason is longer; the server is the user's image. */
  private static final int LONGEST = 1024;

  private HoldingReport() {}

  static RepositoryUsage usage(ServerHolding holding) {
    return new RepositoryUsage(
        holding.tags(),
        holding.manifests(),
        holding.logicalBytes(),
        holding.uniqueBytes(),
        time(holding.lastPushAt()),
        time(holding.lastPullAt()));
  }

  /** What goes by other rules than these is of no use to anybody. */
  static RetentionStatus retention(ServerRetention retention, RetentionSpec rules) {
    boolean current = retention.isBy(RetentionCompiler.hash(rules));
    ServerRetention.Preview preview = current ? retention.preview() : null;
    return new RetentionStatus(
        current ? retention.revision() : null,
        time(retention.lastRunAt()),
        retention.lastRunAt() == null ? null : retention.deletedTags(),
        preview == null
            ? null
            : new RetentionPreview(
                time(preview.at()),
                preview.expiringTags(),
                preview.expiringManifests(),
                preview.expiringBytes(),
                preview.sample().stream()
                    .filter(Objects::nonNull)
                    .filter(HoldingReport::isWhole)
                    .limit(SAMPLE)
                    .map(HoldingReport::expiring)
                    .toList()));
  }

  private static boolean isWhole(ServerRetention.Sample sample) {
    return sample.repository() != null
        && sample.digest() != null
        && Stream.of(
                sample.repository(), sample.tag(), sample.digest(), sample.rule(), sample.reason())
            .allMatch(text -> text == null || text.length() <= LONGEST);
  }

  private static ExpiringTag expiring(ServerRetention.Sample sample) {
    return new ExpiringTag(
        Objects.requireNonNull(sample.repository()),
        sample.tag(),
        Objects.requireNonNull(sample.digest()),
        sample.rule(),
        sample.reason());
  }

  private static @Nullable String time(@Nullable String text) {
    return ServerTime.read(text).map(Instant::toString).orElse(null);
  }
}
