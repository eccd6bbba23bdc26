package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.NetworkPolicySpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.api.v1alpha1.registry.ResourcesSpec;
import dev.berth.api.v1alpha1.registry.ServiceExposure;
import dev.berth.api.v1alpha1.registry.ServiceType;
import dev.berth.operator.policy.PolicyChoice;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import dev.berth.operator.tls.ServerCertificate;
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
  private final String operatorNamespace;
  private final CertificateIssuer issuer;
  private final ServerCertificate certificates;

  public RegistryModelBuilder(
      String serverImage, String operatorNamespace, CertificateIssuer issuer, Clock clock) {
    this.serverImage = serverImage;
    this.operatorNamespace = operatorNamespace;
    this.issuer = issuer;
    this.certificates = new ServerCertificate(issuer, clock);
  }

  /**
   * Builds the model of a Registry that no finding blocks.
   *
   * @throws CertificateException when the registry's own authority is damaged
   */
  public RegistryModel build(
      Registry registry, KeptSecrets kept, PolicyChoice policy, StorageModel storage)
      throws CertificateException {
    RegistrySpec spec = registry.getSpec();
    RegistryNames names =
        new RegistryNames(registry.getMetadata().getName(), registry.getMetadata().getNamespace());
    KeyMaterial keys = KeyMaterial.complete(names, issuer, kept::key);
    TlsModel tls = tls(spec, names, keys, kept.certificate());
    List<String> hosts =
        Stream.concat(spec.externalHosts().stream(), names.clusterHosts().stream())
            .distinct()
            .toList();
    String usersSecret =
        spec.authentication() == null || spec.authentication().users() == null
            ? null
            : spec.authentication().users().secretRef().name();
    String logLevel = spec.logging() == null ? "INFO" : spec.logging().level().name();
    boolean plain = tls instanceof TlsModel.Disabled;
    return new RegistryModel(
        names,
        spec.image() == null || spec.image().isEmpty() ? serverImage : spec.image(),
        storage.hold() == StorageModel.Hold.STOPPED ? 0 : Math.min(spec.replicas(), 1),
        hosts,
        ServerConfiguration.yaml(hosts, !plain, usersSecret != null, logLevel),
        keys,
        tls,
        storage,
        usersSecret,
        policy.document(),
        service(spec, plain),
        networkPolicy(spec),
        operatorNamespace,
        resources(spec.resources()),
        pod(spec));
  }

  private TlsModel tls(
      RegistrySpec spec, RegistryNames names, KeyMaterial keys, @Nullable KeyPairPem current)
      throws CertificateException {
    if (spec.tls() != null && spec.tls().disabled() != null) {
      return new TlsModel.Disabled();
    }
    if (spec.tls() != null && spec.tls().secretRef() != null) {
      return new TlsModel.Provided(spec.tls().secretRef().name());
    }
    List<String> hosts =
        Stream.concat(
                spec.externalHosts().stream().map(ExternalHost::name),
                names.clusterHosts().stream())
            .distinct()
            .toList();
    return new TlsModel.SelfSigned(
        keys.authority().certificate(), certificates.current(keys.authority(), current, hosts));
  }

  private static ServiceModel service(RegistrySpec spec, boolean plain) {
    ServiceExposure exposure =
        spec.exposure() == null || spec.exposure().service() == null
            ? new ServiceExposure(ServiceType.CLUSTER_IP, null, Map.of())
            : spec.exposure().service();
    return new ServiceModel(
        JsonName.of(exposure.type()),
        plain ? 80 : 443,
        exposure.nodePort(),
        exposure.annotations());
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
