package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.NetworkPolicySpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.api.v1alpha1.registry.ResourcesSpec;
import dev.berth.api.v1alpha1.registry.ServiceExposure;
import dev.berth.api.v1alpha1.registry.ServiceType;
import dev.berth.api.v1alpha1.registry.TlsSpec;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.PolicyChoice;
import dev.berth.operator.tls.CertificateIssuer;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the model of a Registry from its spec and what was resolved: fills in defaults, keeps
 * secrets that exist.
 */
public final class RegistryModelBuilder {
  private static final ResourceRequirements RESOURCES =
      new ResourceRequirementsBuilder()
          .withRequests(Map.of("cpu", new Quantity("100m"), "memory", new Quantity("256Mi")))
          .withLimits(Map.of("memory", new Quantity("512Mi")))
          .build();

  private final String serverImage;
  private final String nodeImage;
  private final AllowedHosts allowedOnNodes;
  private final String operatorNamespace;
  private final CertificateIssuer issuer;
  private final SelfSignedIssuing selfSigned;

  public RegistryModelBuilder(
      String serverImage,
      String nodeImage,
      AllowedHosts allowedOnNodes,
      String operatorNamespace,
      CertificateIssuer issuer,
      Clock clock) {
    this.serverImage = serverImage;
    this.nodeImage = nodeImage;
    this.allowedOnNodes = allowedOnNodes;
    this.operatorNamespace = operatorNamespace;
    this.issuer = issuer;
    this.selfSigned = new SelfSignedIssuing(issuer, clock);
  }

  /**
   * Builds the model of a Registry that no finding blocks.
   *
   * @param taken external hosts that another Registry tells nodes of
   * @throws CertificateException when the registry's own authority is damaged
   */
  public RegistryModel build(
      Registry registry,
      KeptSecrets kept,
      PolicyChoice policy,
      StorageModel storage,
      ClusterAddresses known,
      Map<String, ObjectKey> taken)
      throws CertificateException {
    RegistrySpec spec = registry.getSpec();
    RegistryNames names = RegistryNames.of(registry);
    ClusterAddresses addresses =
        NodeAccessModel.isWanted(registry) ? known : ClusterAddresses.UNKNOWN;
    SecuredModel secured = secured(registry, names, kept, addresses.all());
    TlsModel tls = secured.tls();
    List<String> hosts =
        Stream.concat(spec.externalHosts().stream(), names.clusterHosts().stream())
            .distinct()
            .toList();
    AuthenticationModel authentication = AuthenticationModel.of(spec.authentication());
    boolean plain = tls instanceof TlsModel.Disabled;
    return new RegistryModel(
        names,
        spec.image() == null || spec.image().isEmpty() ? serverImage : spec.image(),
        storage.hold() == StorageModel.Hold.STOPPED ? 0 : Math.min(spec.replicas(), 1),
        hosts,
        ServerConfiguration.yaml(
            reachedBy(hosts, addresses.all()),
            !plain,
            authentication,
            CollectionTimes.of(spec.garbageCollection()),
            spec.logging()),
        secured.keys(),
        tls,
        storage,
        authentication,
        policy.document(),
        service(spec, plain, addresses.all()),
        NodeAccessModel.of(registry, names, nodeImage, allowedOnNodes, addresses, taken),
        networkPolicy(spec),
        operatorNamespace,
        resources(spec.resources()),
        pod(spec));
  }

  private record SecuredModel(KeyMaterial keys, TlsModel tls) {}

  /** A realm names the host that a node spoke to, which may be an address alone. */
  private static List<String> reachedBy(List<String> hosts, List<String> addresses) {
    return Stream.concat(hosts.stream(), addresses.stream().map(ClusterAddresses::bracketed))
        .toList();
  }

  private SecuredModel secured(
      Registry registry, RegistryNames names, KeptSecrets kept, List<String> addresses)
      throws CertificateException {
    KeyMaterial keys = KeyMaterial.complete(names, issuer, kept::key);
    String ordered = RotateAnnotation.of(registry);
    List<String> external =
        registry.getSpec().externalHosts().stream().map(ExternalHost::name).distinct().toList();
    List<String> cluster =
        Stream.concat(names.clusterHosts().stream(), addresses.stream()).toList();
    TlsModel foreign = foreign(registry.getSpec().tls(), external, cluster, kept);
    if (foreign != null) {
      return new SecuredModel(SelfSignedIssuing.settled(keys, ordered), foreign);
    }
    List<String> hosts = Stream.concat(external.stream(), cluster.stream()).distinct().toList();
    SelfSignedIssuing.Issued issued = selfSigned.issue(names, keys, kept, hosts, ordered);
    return new SecuredModel(issued.keys(), issued.tls());
  }

  /** Null: the registry's own authority issues. */
  private static @Nullable TlsModel foreign(
      @Nullable TlsSpec tls, List<String> external, List<String> cluster, KeptSecrets kept) {
    if (tls == null || tls.selfSigned() != null) {
      return null;
    }
    if (tls.disabled() != null) {
      return new TlsModel.Disabled();
    }
    if (tls.secretRef() != null) {
      return new TlsModel.Provided(tls.secretRef().name(), kept.foreignAuthority());
    }
    return tls.certManager() == null
        ? null
        : new TlsModel.CertManager(
            tls.certManager().issuerRef(),
            // A public issuer certifies no name of the cluster, and would refuse the rest as well.
            external.isEmpty() ? cluster : external,
            kept.foreignAuthority());
  }

  private static ServiceModel service(RegistrySpec spec, boolean plain, List<String> addresses) {
    ServiceExposure exposure =
        spec.exposure() == null || spec.exposure().service() == null
            ? new ServiceExposure(ServiceType.CLUSTER_IP, null, Map.of())
            : spec.exposure().service();
    return new ServiceModel(
        JsonName.of(exposure.type()),
        plain ? 80 : 443,
        exposure.nodePort(),
        exposure.annotations(),
        addresses);
  }

  private static @Nullable NetworkPolicySpec networkPolicy(RegistrySpec spec) {
    NetworkPolicySpec policy =
        spec.networkPolicy() == null
            ? new NetworkPolicySpec(true, List.of())
            : spec.networkPolicy();
    return policy.enabled() ? policy : null;
  }

  private static ResourceRequirements resources(@Nullable ResourcesSpec spec) {
    return spec == null
        ? RESOURCES
        : new ResourceRequirementsBuilder()
            .withRequests(spec.requests())
            .withLimits(spec.limits())
            .build();
  }

  /** What is no part of a pod was reported, and is left out. */
  private static PodModel pod(RegistrySpec spec) {
    try {
      return PodModel.of(spec.podTemplate());
    } catch (IllegalArgumentException e) {
      return PodModel.PLAIN;
    }
  }
}
