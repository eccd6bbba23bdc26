package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.ExposureSpec;
import dev.berth.api.v1alpha1.registry.MonitoringSpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.operator.registry.check.Finding.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the schema has and this version does not do. Where the registry cannot be without it, it
 * does not start; else it runs, and says what it leaves out.
 */
final class SupportChecks {
  private SupportChecks() {}

  static Stream<Finding> storage(Registry registry, References references, Instant now) {
    var storage = registry.getSpec().storage();
    return storage != null && storage.s3() != null
        ? blocking(ConditionType.STORAGE_READY, "spec.storage.s3")
        : Stream.empty();
  }

  static Stream<Finding> metadata(Registry registry, References references, Instant now) {
    var metadata = registry.getSpec().metadata();
    return metadata != null && metadata.postgresql() != null
        ? blocking(ConditionType.STORAGE_READY, "spec.metadata.postgresql")
        : Stream.empty();
  }

  static Stream<Finding> additions(Registry registry, References references, Instant now) {
    List<String> fields = new ArrayList<>();
    RegistrySpec spec = registry.getSpec();
    addIf(fields, spec.replicas() > 1, "replicas above 1");
    exposure(fields, spec.exposure());
    addIf(fields, !spec.notifications().isEmpty(), "notifications");
    monitoring(fields, spec.monitoring());
    addIf(fields, spec.autoscaling() != null, "autoscaling");
    return fields.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Finding(
                ConditionType.SUPPORTED,
                Reason.NOT_YET_SUPPORTED,
                Effect.NOTED,
                "This version leaves out spec." + String.join(", spec.", fields)));
  }

  private static void exposure(List<String> fields, @Nullable ExposureSpec spec) {
    if (spec != null) {
      addIf(fields, spec.ingress() != null, "exposure.ingress");
      addIf(fields, spec.gateway() != null, "exposure.gateway");
    }
  }

  private static void monitoring(List<String> fields, @Nullable MonitoringSpec spec) {
    if (spec != null) {
      addIf(
          fields,
          spec.serviceMonitor() != null && spec.serviceMonitor().enabled(),
          "monitoring.serviceMonitor");
      addIf(fields, spec.alerts() != null && spec.alerts().enabled(), "monitoring.alerts");
      addIf(fields, spec.dashboard() != null && spec.dashboard().enabled(), "monitoring.dashboard");
    }
  }

  private static void addIf(List<String> fields, boolean asked, String field) {
    if (asked) {
      fields.add(field);
    }
  }

  private static Stream<Finding> blocking(ConditionType type, String field) {
    return Stream.of(
        new Finding(
            type, Reason.NOT_YET_SUPPORTED, Effect.BLOCKS, "This version does not do " + field));
  }
}
