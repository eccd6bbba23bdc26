package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.PolicyChoice;
import dev.berth.operator.registry.model.AllowedHosts;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.KeptSecrets;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryModelBuilder;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.policy.Creation;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The model of Registry registries/main. */
final class Rendering {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

  private Rendering() {}

  /**
   * Of a spec with these fields, as a flow of YAML, and {@code nodeAccess} unless they begin with
   * it.
   */
  static RegistryModel model(String fields, ClusterAddresses addresses)
      throws CertificateException {
    return model(fields, addresses, new AllowedHosts(List.of("*")));
  }

  /** With some of its external hosts on nodes. */
  static RegistryModel model(String fields, ClusterAddresses addresses, AllowedHosts allowed)
      throws CertificateException {
    return model(fields, addresses, allowed, Map.of());
  }

  /** With some that other Registries tell nodes of. */
  static RegistryModel model(
      String fields, ClusterAddresses addresses, AllowedHosts allowed, Map<String, ObjectKey> taken)
      throws CertificateException {
    Registry registry =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: Registry
            metadata: {name: main, namespace: registries, generation: 1}
            spec: {%s}
            """
                .formatted(
                    fields.startsWith("nodeAccess:")
                        ? fields
                        : "nodeAccess: {mode: HostsToml}"
                            + (fields.isEmpty() ? "" : ", " + fields)),
            Registry.class);
    PolicyDocument.Content content =
        new PolicyDocument.Content(true, Creation.ON_PUSH, List.of(), List.of());
    return new RegistryModelBuilder(
            "server", "node", allowed, "berth-system", new CertificateIssuer(CLOCK), CLOCK)
        .build(
            registry,
            new KeptSecrets(Map.of(), null, null, null, null),
            new PolicyChoice(PolicyDocumentFormat.document(content, 1), false),
            StorageChoice.of(
                registry.getSpec(), RegistryNames.of(registry), null, StorageModel.Hold.NONE),
            addresses,
            taken);
  }
}
