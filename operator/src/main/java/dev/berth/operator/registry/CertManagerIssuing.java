package dev.berth.operator.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.certmanager.CertManagerCertificate;
import dev.berth.operator.certmanager.CertManagerLookup;
import dev.berth.operator.certmanager.CertManagerSpec;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.kubernetes.TestedPatch;
import dev.berth.operator.registry.check.CertManagerSecret;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.dependent.ForeignObjectException;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.TlsModel;
import dev.berth.operator.tls.CertificateIssuer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The Certificate by which a Registry asks cert-manager. It is no child of the workflow: the
 * framework would watch its API, which the cluster need not have.
 */
final class CertManagerIssuing {

  /** What cert-manager puts on every Secret that it writes. */
  private static final String WRITTEN_BY_CERT_MANAGER = "cert-manager.io/certificate-name";

  private CertManagerIssuing() {}

  /** What there is; null where the spec does not ask for cert-manager. */
  static @Nullable CertManagerLookup find(
      Registry registry, RegistryNames names, KubernetesClient client) {
    var tls = registry.getSpec().tls();
    if (tls == null || tls.certManager() == null) {
      return null;
    }
    try {
      CertManagerCertificate certificate = get(client, names);
      return new CertManagerLookup(
          certificate != null || client.supports(CertManagerCertificate.class), certificate, null);
    } catch (KubernetesClientException e) {
      return new CertManagerLookup(
          true, null, "The Certificate could not be looked up: " + e.getMessage());
    }
  }

  /** Asks for the certificate, or no longer; the finding says why that was not possible. */
  static Optional<Finding> reconcile(
      Registry registry, RegistryModel model, References references, KubernetesClient client) {
    try {
      if (model.tls() instanceof TlsModel.CertManager tls) {
        apply(registry, model, tls, references.certManager(), client);
        forgetAuthority(references.certificate(), model, client);
      } else if (wasAsked(registry, references.certificate())) {
        delete(registry, model.names(), client);
      }
      return Optional.empty();
    } catch (ForeignObjectException | KubernetesClientException e) {
      return Optional.of(RegistryWorkflow.finding(registry, "Certificate of cert-manager", e));
    }
  }

  private static void apply(
      Registry registry,
      RegistryModel model,
      TlsModel.CertManager tls,
      @Nullable CertManagerLookup found,
      KubernetesClient client) {
    if (found == null || !found.installed()) {
      // A check has reported it.
      return;
    }
    CertManagerCertificate desired = desired(registry, model, tls);
    CertManagerCertificate actual = found.certificate();
    if (actual != null && !isOurs(actual, registry)) {
      throw new ForeignObjectException(actual);
    }
    if (actual == null || !isAsked(actual, desired)) {
      client.resource(desired).fieldManager(OwnFields.MANAGER).forceConflicts().serverSideApply();
    }
  }

  /** Who mounts the Secret is not to trust the registry's own authority any longer. */
  private static void forgetAuthority(
      @Nullable Secret secret, RegistryModel model, KubernetesClient client) {
    String own = model.keys().authorities().signing().certificate();
    if (secret != null && CertManagerSecret.hasLeftAuthority(secret, own)) {
      TestedPatch.apply(
          secret,
          """
          [{"op": "test", "path": "/data/%1$s", "value": "%2$s"},
           {"op": "remove", "path": "/data/%1$s"}]
          """
              .formatted(
                  CertManagerSecret.AUTHORITY, secret.getData().get(CertManagerSecret.AUTHORITY)),
          client);
    }
  }

  /** Else cert-manager would go on writing to the Secret that is now the operator's. */
  private static void delete(Registry registry, RegistryNames names, KubernetesClient client) {
    CertManagerCertificate left = get(client, names);
    if (left != null && isOurs(left, registry)) {
      client.resource(left).delete();
    }
  }

  /** By what the status said last, or cert-manager itself. */
  private static boolean wasAsked(Registry registry, @Nullable Secret secret) {
    JsonNode effective = registry.getStatus() == null ? null : registry.getStatus().effective();
    boolean said =
        effective != null && EffectiveSettings.CERT_MANAGER.equals(effective.path("tls").asText());
    Map<String, String> annotations = secret == null ? null : secret.getMetadata().getAnnotations();
    return said || (annotations != null && annotations.containsKey(WRITTEN_BY_CERT_MANAGER));
  }

  private static CertManagerCertificate desired(
      Registry registry, RegistryModel model, TlsModel.CertManager tls) {
    CertManagerCertificate certificate = new CertManagerCertificate();
    Map<String, String> labels = Labels.ofRegistry(model.names().name());
    certificate.setMetadata(
        new ObjectMetaBuilder()
            .withName(model.names().certificate())
            .withNamespace(model.names().namespace())
            .withLabels(labels)
            .withOwnerReferences(owner(registry))
            .build());
    Predicate<String> address = CertificateIssuer::isAddress;
    certificate.setSpec(
        new CertManagerSpec(
            model.names().certificate(),
            tls.names().stream().filter(address.negate()).toList(),
            tls.names().stream().filter(address).toList(),
            List.of("digital signature", "server auth"),
            tls.issuer(),
            new CertManagerSpec.PrivateKey("ECDSA", 256, "Always"),
            // By its labels the Secret is watched as a child is.
            new CertManagerSpec.SecretTemplate(labels)));
    return certificate;
  }

  private static OwnerReference owner(Registry registry) {
    return new OwnerReferenceBuilder()
        .withApiVersion(registry.getApiVersion())
        .withKind(registry.getKind())
        .withName(registry.getMetadata().getName())
        .withUid(registry.getMetadata().getUid())
        .build();
  }

  private static boolean isAsked(CertManagerCertificate actual, CertManagerCertificate desired) {
    Map<String, String> labels = actual.getMetadata().getLabels();
    return desired.getSpec().equals(actual.getSpec())
        && labels != null
        && labels.entrySet().containsAll(desired.getMetadata().getLabels().entrySet())
        && actual
            .getMetadata()
            .getOwnerReferences()
            .containsAll(desired.getMetadata().getOwnerReferences());
  }

  private static boolean isOurs(CertManagerCertificate certificate, Registry registry) {
    return registry.getMetadata().getName().equals(Labels.registryOf(certificate))
        || certificate.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> owner.getUid().equals(registry.getMetadata().getUid()));
  }

  private static @Nullable CertManagerCertificate get(
      KubernetesClient client, RegistryNames names) {
    return client
        .resources(CertManagerCertificate.class)
        .inNamespace(names.namespace())
        .withName(names.certificate())
        .get();
  }
}
