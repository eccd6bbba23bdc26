package dev.berth.embedded;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;

/** A small custom resource for the tests. */
final class Widgets {
  static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.example.dev}
      spec:
        group: example.dev
        scope: Namespaced
        names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wi]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources:
            status: {}
            scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
          additionalPrinterColumns:
          - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
          - {name: Replicas, type: integer, jsonPath: .spec.replicas}
          - {name: Version, type: string, priority: 1, jsonPath: .status.version}
          - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  required: [size]
                  properties:
                    size: {type: string, enum: [S, M], description: how big it is}
                    replicas: {type: integer, default: 1, minimum: 0}
                    note: {type: string, pattern: '^[a-z]*$'}
                    parts:
                      type: array
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys: [name]
                      items:
                        type: object
                        required: [name]
                        properties:
                          name: {type: string}
                          color: {type: string}
                status:
                  type: object
                  properties:
                    version: {type: string}
                    replicas: {type: integer}
                    conditions:
                      type: array
                      items:
                        type: object
                        properties: {type: {type: string}, status: {type: string}}
      """;
  static final ResourceDefinitionContext KIND =
      new ResourceDefinitionContext.Builder()
          .withGroup("example.dev")
          .withVersion("v1")
          .withKind("Widget")
          .withPlural("widgets")
          .withNamespaced(true)
          .build();

  private Widgets() {}

  static void define(KubernetesClient client) {
    client.resource(CRD).serverSideApply();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              CustomResourceDefinition found =
                  client
                      .apiextensions()
                      .v1()
                      .customResourceDefinitions()
                      .withName("widgets.example.dev")
                      .get();
              return Objects.nonNull(found.getStatus())
                  && found.getStatus().getConditions().stream()
                      .anyMatch(
                          c -> c.getType().equals("Established") && c.getStatus().equals("True"));
            });
  }

  static GenericKubernetesResource widget(String namespace, String name, String specYaml) {
    return Serialization.unmarshal(
        "apiVersion: example.dev/v1\nkind: Widget\nmetadata: {name: "
            + name
            + ", namespace: "
            + namespace
            + "}\nspec: "
            + specYaml
            + "\n",
        GenericKubernetesResource.class);
  }

  static Resource<GenericKubernetesResource> named(
      KubernetesClient client, String namespace, String name) {
    return client.genericKubernetesResources(KIND).inNamespace(namespace).withName(name);
  }
}
