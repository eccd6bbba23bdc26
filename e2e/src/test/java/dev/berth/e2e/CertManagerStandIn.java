package dev.berth.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plays cert-manager with a self-signed issuer, for clusters that have none: its two kinds, and for
 * every Certificate the Secret that it names.
 */
final class CertManagerStandIn
    implements ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {
  private static final ResourceDefinitionContext CERTIFICATES =
      new ResourceDefinitionContext.Builder()
          .withGroup("cert-manager.io")
          .withVersion("v1")
          .withKind("Certificate")
          .withPlural("certificates")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;
  private final Program openssl;
  private final Path folder;
  private final List<GenericKubernetesResource> issued = new CopyOnWriteArrayList<>();
  private final SharedIndexInformer<GenericKubernetesResource> informer;

  CertManagerStandIn(KubernetesClient client, Path folder) {
    this.client = client;
    this.folder = folder;
    this.openssl = Program.installed("openssl", Map.of());
    define("Certificate", "certificates");
    define("Issuer", "issuers");
    this.informer = client.genericKubernetesResources(CERTIFICATES).inAnyNamespace().inform(this);
  }

  private void define(String kind, String plural) {
    client
        .load(
            new ByteArrayInputStream(
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %2$s.cert-manager.io}
                spec:
                  group: cert-manager.io
                  scope: Namespaced
                  names: {kind: %1$s, plural: %2$s}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      subresources: {status: {}}
                      schema:
                        openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                """
                    .formatted(kind, plural)
                    .getBytes(StandardCharsets.UTF_8)))
        .serverSideApply();
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(plural + ".cert-manager.io")
        .waitUntilCondition(CertManagerStandIn::isServed, 30, TimeUnit.SECONDS);
  }

  private static boolean isServed(@Nullable CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }

  /** The Certificates that have their Secret. */
  List<GenericKubernetesResource> issued() {
    return List.copyOf(issued);
  }

  @Override
  public void onAdd(GenericKubernetesResource certificate) {
    try {
      issue(certificate);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
    // Its names do not change here.
  }

  @Override
  public void onDelete(GenericKubernetesResource certificate, boolean unknown) {
    // The Secret stays, as with cert-manager.
  }

  private void issue(GenericKubernetesResource certificate)
      throws IOException, InterruptedException {
    String name = certificate.get("spec", "secretName");
    List<String> hosts = certificate.get("spec", "dnsNames");
    Path key = folder.resolve(name + ".key");
    Path crt = folder.resolve(name + ".crt");
    openssl.succeed(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "90",
        "-subj",
        "/CN=" + hosts.getFirst(),
        "-addext",
        hosts.stream()
            .map(host -> "DNS:" + host)
            .collect(Collectors.joining(",", "subjectAltName=", "")),
        "-keyout",
        key.toString(),
        "-out",
        crt.toString());
    Map<String, String> labels = certificate.get("spec", "secretTemplate", "labels");
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(certificate.getMetadata().getNamespace())
            .withLabels(labels)
            .addToAnnotations(
                "cert-manager.io/certificate-name", certificate.getMetadata().getName())
            .endMetadata()
            .withType("kubernetes.io/tls")
            .addToData("tls.crt", encoded(crt))
            .addToData("tls.key", encoded(key))
            .addToData("ca.crt", encoded(crt))
            .build();
    client.resource(secret).fieldManager("cert-manager-certificates-issuing").serverSideApply();
    GenericKubernetesResource status =
        Serialization.unmarshal(Serialization.asYaml(certificate), GenericKubernetesResource.class);
    status.setAdditionalProperty(
        "status",
        Map.of(
            "conditions",
            List.of(
                Map.of(
                    "type", "Ready",
                    "status", "True",
                    "reason", "Ready",
                    "message", "Certificate is up to date and has not expired",
                    "observedGeneration", certificate.getMetadata().getGeneration()))));
    client.resource(status).patchStatus();
    issued.add(certificate);
  }

  private static String encoded(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  @Override
  public void close() {
    informer.stop();
    for (String plural : List.of("certificates", "issuers")) {
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(plural + ".cert-manager.io")
          .delete();
    }
  }
}
