package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.TlsSpec;
import dev.berth.operator.kubernetes.SecondaryResources;
import dev.berth.operator.nodeaccess.NodePlanChild;
import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.tls.CertificateFacts;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By which addresses nodes may reach the Service. */
final class NodeAddresses {
  /** Names nothing, so that no address counts before somebody issued a certificate. */
  private static final CertificateFacts NONE_YET =
      new CertificateFacts(Instant.EPOCH, Instant.EPOCH, Set.of(), "");

  private NodeAddresses() {}

  static ClusterAddresses find(
      Registry registry, References references, Context<Registry> context) {
    if (!NodeAccessModel.isWanted(registry)) {
      return ClusterAddresses.UNKNOWN;
    }
    RegistryNames names = RegistryNames.of(registry);
    return new ClusterAddresses(
        ClusterAddresses.of(
            SecondaryResources.named(context, Service.class, names.service()).orElse(null),
            NodePlanChild.addresses(
                SecondaryResources.named(context, ConfigMap.class, names.nodeAccess())
                    .orElse(null))),
        isForeign(registry.getSpec().tls())
            ? CertificateInUse.ofForeign(references).orElse(NONE_YET)
            : null);
  }

  private static boolean isForeign(@Nullable TlsSpec tls) {
    return tls != null && (tls.secretRef() != null || tls.certManager() != null);
  }
}
