package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.TlsSpec;
import dev.berth.operator.policy.SpaceCompiler;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.registry.model.CollectionTimes;
import dev.berth.operator.registry.model.PodModel;
import dev.berth.operator.registry.model.RegistryNames;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the schema leaves open in the spec itself. */
final class SpecChecks {

  /** Of a Service, less the longest suffix that a child's name adds. */
  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,50}[a-z0-9])?");

  private SpecChecks() {}

  static Stream<Finding> name(Registry registry, References references, Instant now) {
    String name = registry.getMetadata().getName();
    return NAME.matcher(name).matches()
        ? Stream.empty()
        : Stream.of(
            new Finding(
                ConditionType.READY,
                Reason.INVALID_NAME,
                Effect.BLOCKS,
                "No Service can be named after metadata.name " + name));
  }

  /** What the operator writes itself it takes away again when the spec has no use for it. */
  static Stream<Finding> certificate(Registry registry, References references, Instant now) {
    TlsSpec tls = registry.getSpec().tls();
    RegistryNames names = RegistryNames.of(registry);
    return tls == null
            || tls.secretRef() == null
            || !names.secrets().contains(tls.secretRef().name())
        ? Stream.empty()
        : Stream.of(
            new Finding(
                ConditionType.READY,
                Reason.INVALID_SPEC,
                Effect.BLOCKS,
                "spec.tls.secretRef names Secret %s, which is the operator's own: copy it to another"
                    .formatted(tls.secretRef().name())));
  }

  /** The rest is served with what can be used. */
  static Stream<Finding> space(Registry registry, References references, Instant now) {
    List<String> problems =
        Stream.concat(
                CollectionTimes.problems(registry.getSpec().garbageCollection()).stream(),
                SpaceCompiler.problems(registry.getSpec()).stream())
            .toList();
    return problems.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Finding(
                ConditionType.READY,
                Reason.INVALID_SPEC,
                Effect.NOT_READY,
                String.join("; ", problems)));
  }

  static Stream<Finding> pod(Registry registry, References references, Instant now) {
    try {
      PodModel.of(registry.getSpec().podTemplate());
      return Stream.empty();
    } catch (IllegalArgumentException e) {
      return Stream.of(
          new Finding(
              ConditionType.READY,
              Reason.INVALID_SPEC,
              Effect.NOT_READY,
              "spec.podTemplate.affinity or topologySpreadConstraints is not what a Pod takes, and"
                  + " the podTemplate is left out"));
    }
  }
}
