package dev.berth.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Cells that take more than one field. */
final class Cells {
  private Cells() {}

  static int entries(JsonNode object) {
    return object.path("data").size() + object.path("binaryData").size();
  }

  static String labels(JsonNode labels) {
    String text =
        labels.properties().stream()
            .map(label -> label.getKey() + "=" + label.getValue().asText())
            .collect(Collectors.joining(","));
    return text.isEmpty() ? "<none>" : text;
  }

  static String ratio(JsonNode object, String some, String all) {
    return object.at(some).asInt(0) + "/" + object.at(all).asInt(0);
  }

  static String containers(JsonNode workload, String field) {
    List<String> values = new ArrayList<>();
    workload
        .at("/spec/template/spec/containers")
        .forEach(container -> values.add(container.path(field).asText()));
    return String.join(",", values);
  }

  static String servicePorts(JsonNode service) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : service.at("/spec/ports")) {
      String node = port.has("nodePort") ? ":" + port.path("nodePort").asText() : "";
      ports.add(port.path("port").asText() + node + "/" + port.path("protocol").asText("TCP"));
    }
    return ports.isEmpty() ? "<none>" : String.join(",", ports);
  }

  static String externalAddress(JsonNode service) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode ingress : service.at("/status/loadBalancer/ingress")) {
      addresses.add(ingress.path("ip").asText(ingress.path("hostname").asText("")));
    }
    service.at("/spec/externalIPs").forEach(ip -> addresses.add(ip.asText()));
    if (!addresses.isEmpty()) {
      return String.join(",", addresses);
    }
    return service.at("/spec/type").asText().equals("LoadBalancer") ? "<pending>" : "<none>";
  }

  static String accessModes(JsonNode modes) {
    List<String> shortNames = new ArrayList<>();
    for (JsonNode mode : modes) {
      shortNames.add(
          switch (mode.asText()) {
            case "ReadWriteOnce" -> "RWO";
            case "ReadOnlyMany" -> "ROX";
            case "ReadWriteMany" -> "RWX";
            case "ReadWriteOncePod" -> "RWOP";
            default -> mode.asText();
          });
    }
    return String.join(",", shortNames);
  }

  static String claimStatus(JsonNode claim) {
    return claim.path("metadata").has("deletionTimestamp")
        ? "Terminating"
        : claim.at("/status/phase").asText("");
  }

  static String nodeStatus(JsonNode node) {
    String ready = "Unknown";
    for (JsonNode condition : node.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        ready = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    return node.at("/spec/unschedulable").asBoolean() ? ready + ",SchedulingDisabled" : ready;
  }
}
