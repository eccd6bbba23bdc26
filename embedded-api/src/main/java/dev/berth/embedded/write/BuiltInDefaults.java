package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.resource.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The few values that a real API server fills in and that operators, kubectl or a node rely on. It
 * is not the whole of Kubernetes' defaulting.
 */
final class BuiltInDefaults {
  private static final int OWNER_WRITES_ALL_READ = 0b110_100_100;

  private BuiltInDefaults() {}

  static void apply(ResourceType type, ObjectNode object) {
    if (type.crd() != null) {
      return;
    }
    switch (type.qualifiedPlural()) {
      case "secrets" -> secret(object);
      case "namespaces" -> namespace(object);
      case "services" -> service(object);
      case "pods" -> podSpec(Json.child(object, "spec"));
      case "deployments.apps" -> deployment(Json.child(object, "spec"));
      case "replicasets.apps", "statefulsets.apps" -> workload(Json.child(object, "spec"));
      case "daemonsets.apps" -> podTemplate(Json.child(object, "spec"));
      case "persistentvolumeclaims" ->
          absent(Json.child(object, "spec"), "volumeMode", "Filesystem");
      default -> {}
    }
  }

  /** The status that an object of this kind starts with. */
  static void initialStatus(ResourceType type, ObjectNode object) {
    switch (type.qualifiedPlural()) {
      case "namespaces" -> Json.child(object, "status").put("phase", "Active");
      case "pods", "persistentvolumeclaims" -> Json.child(object, "status").put("phase", "Pending");
      case "services" -> Json.child(object, "status").putObject("loadBalancer");
      default -> {}
    }
  }

  /** Keeps what the API server gave a Service when an update leaves it out. */
  static void keepAllocated(ResourceType type, ObjectNode live, ObjectNode object) {
    if (!type.is("", "services")) {
      return;
    }
    ObjectNode spec = Json.child(object, "spec");
    for (String field : new String[] {"clusterIP", "clusterIPs"}) {
      JsonNode given = live.path("spec").path(field);
      if (spec.path(field).asText("").isEmpty()
          && spec.path(field).isEmpty()
          && !given.isMissingNode()) {
        spec.set(field, given);
      }
    }
    for (JsonNode port : spec.path("ports")) {
      for (JsonNode old : live.path("spec").path("ports")) {
        if (!port.has("nodePort")
            && old.has("nodePort")
            && old.path("port").equals(port.path("port"))) {
          ((ObjectNode) port).set("nodePort", old.path("nodePort"));
        }
      }
    }
  }

  private static void secret(ObjectNode secret) {
    absent(secret, "type", "Opaque");
    encodeStringData(secret);
  }

  /** Moves the write-only plain texts of a Secret to where they are kept. */
  static void encodeStringData(ObjectNode secret) {
    if (secret.remove("stringData") instanceof ObjectNode texts) {
      ObjectNode data = Json.child(secret, "data");
      texts
          .properties()
          .forEach(
              text ->
                  data.put(
                      text.getKey(),
                      Base64.getEncoder()
                          .encodeToString(
                              text.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
  }

  private static void namespace(ObjectNode namespace) {
    ObjectNode metadata = Json.child(namespace, "metadata");
    Json.child(metadata, "labels")
        .put("kubernetes.io/metadata.name", metadata.path("name").asText());
    ObjectNode spec = Json.child(namespace, "spec");
    if (!spec.has("finalizers") && !metadata.has("deletionTimestamp")) {
      spec.putArray("finalizers").add("kubernetes");
    }
  }

  private static void service(ObjectNode service) {
    ObjectNode spec = Json.child(service, "spec");
    absent(spec, "type", "ClusterIP");
    absent(spec, "sessionAffinity", "None");
    if (!spec.path("type").asText().equals("ExternalName")) {
      absent(spec, "internalTrafficPolicy", "Cluster");
      absent(spec, "ipFamilyPolicy", "SingleStack");
      if (!spec.has("ipFamilies")) {
        spec.putArray("ipFamilies").add("IPv4");
      }
    }
    for (JsonNode port : spec.path("ports")) {
      if (port instanceof ObjectNode p) {
        absent(p, "protocol", "TCP");
        if (!p.has("targetPort") && p.has("port")) {
          p.set("targetPort", p.get("port"));
        }
      }
    }
  }

  private static void deployment(ObjectNode spec) {
    workload(spec);
    if (!spec.has("strategy")) {
      Json.child(spec, "strategy").put("type", "RollingUpdate");
    }
    ObjectNode strategy = Json.child(spec, "strategy");
    absent(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      ObjectNode rolling = Json.child(strategy, "rollingUpdate");
      absent(rolling, "maxSurge", "25%");
      absent(rolling, "maxUnavailable", "25%");
    }
    absent(spec, "revisionHistoryLimit", 10);
    absent(spec, "progressDeadlineSeconds", 600);
  }

  private static void workload(ObjectNode spec) {
    absent(spec, "replicas", 1);
    podTemplate(spec);
  }

  private static void podTemplate(ObjectNode spec) {
    if (spec.get("template") instanceof ObjectNode template) {
      podSpec(Json.child(template, "spec"));
    }
  }

  private static void podSpec(ObjectNode spec) {
    absent(spec, "restartPolicy", "Always");
    absent(spec, "dnsPolicy", "ClusterFirst");
    absent(spec, "schedulerName", "default-scheduler");
    absent(spec, "terminationGracePeriodSeconds", 30);
    if (!spec.has("securityContext")) {
      spec.putObject("securityContext");
    }
    for (JsonNode volume : spec.path("volumes")) {
      for (String source : new String[] {"secret", "configMap", "projected", "downwardAPI"}) {
        if (volume.get(source) instanceof ObjectNode files) {
          absent(files, "defaultMode", OWNER_WRITES_ALL_READ);
        }
      }
    }
    for (String list : new String[] {"initContainers", "containers"}) {
      if (spec.get(list) instanceof ArrayNode containers) {
        containers.forEach(container -> container((ObjectNode) container));
      }
    }
  }

  private static void container(ObjectNode container) {
    absent(container, "terminationMessagePath", "/dev/termination-log");
    absent(container, "terminationMessagePolicy", "File");
    String image = container.path("image").asText();
    absent(
        container,
        "imagePullPolicy",
        image.endsWith(":latest") || !image.replaceFirst(".*/", "").contains(":")
            ? "Always"
            : "IfNotPresent");
    if (!container.has("resources")) {
      container.putObject("resources");
    }
    for (JsonNode port : container.path("ports")) {
      absent((ObjectNode) port, "protocol", "TCP");
    }
    for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
      if (container.get(probe) instanceof ObjectNode p) {
        probe(p);
      }
    }
  }

  private static void probe(ObjectNode probe) {
    absent(probe, "timeoutSeconds", 1);
    absent(probe, "periodSeconds", 10);
    absent(probe, "successThreshold", 1);
    absent(probe, "failureThreshold", 3);
    if (probe.get("httpGet") instanceof ObjectNode get) {
      absent(get, "scheme", "HTTP");
      absent(get, "path", "/");
    }
  }

  private static void absent(ObjectNode object, String field, String value) {
    if (!object.hasNonNull(field) || object.path(field).asText().isEmpty()) {
      object.put(field, value);
    }
  }

  private static void absent(ObjectNode object, String field, int value) {
    if (!object.hasNonNull(field)) {
      object.put(field, value);
    }
  }
}
