package dev.berth.embedded.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.Json;
import dev.berth.embedded.store.ObjectStore;
import java.util.HashSet;
import java.util.Set;

/** Gives Services their cluster address and node ports, which is the API server's part. */
final class ServiceAddresses {
  /** On loopback, so that what plays kube-proxy on this machine can listen there. */
  private static final String RANGE = "127.96.";

  private static final int FIRST_HOST = 2;
  private static final int FIRST_NODE_PORT = 30_000;
  private static final int LAST_NODE_PORT = 32_767;

  private final ObjectStore store;

  ServiceAddresses(ObjectStore store) {
    this.store = store;
  }

  void allocate(ObjectNode service) {
    ObjectNode spec = Json.child(service, "spec");
    String type = spec.path("type").asText();
    if (type.equals("ExternalName")) {
      return;
    }
    if (spec.path("clusterIP").asText("").isEmpty()) {
      spec.put("clusterIP", freeAddress());
    }
    if (!spec.has("clusterIPs")) {
      spec.putArray("clusterIPs").add(spec.path("clusterIP"));
    }
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      Set<Integer> used = usedNodePorts(service);
      spec.path("ports").forEach(port -> take(port.path("nodePort").asInt(0), used));
      spec.path("ports").forEach(port -> nodePort((ObjectNode) port, used));
    }
  }

  private static void take(int wanted, Set<Integer> used) {
    if (wanted != 0 && !used.add(wanted)) {
      throw StatusException.of(
          422,
          "Invalid",
          "spec.ports.nodePort: Invalid value: %d: provided port is already allocated"
              .formatted(wanted));
    }
  }

  private static void nodePort(ObjectNode port, Set<Integer> used) {
    if (port.path("nodePort").asInt(0) != 0) {
      return;
    }
    for (int free = FIRST_NODE_PORT; free <= LAST_NODE_PORT; free++) {
      if (used.add(free)) {
        port.put("nodePort", free);
        return;
      }
    }
    throw StatusException.of(500, "InternalError", "all node ports are in use");
  }

  private String freeAddress() {
    Set<String> used = new HashSet<>();
    for (JsonNode service : store.list("", "services", "")) {
      used.add(service.at("/spec/clusterIP").asText());
    }
    for (int host = FIRST_HOST; host < 1 << 16; host++) {
      String address = RANGE + (host >> 8) + "." + (host & 0xff);
      if (!used.contains(address)) {
        return address;
      }
    }
    throw StatusException.of(500, "InternalError", "all cluster addresses are in use");
  }

  /** By all others. */
  private Set<Integer> usedNodePorts(JsonNode except) {
    Set<Integer> used = new HashSet<>();
    for (JsonNode service : store.list("", "services", "")) {
      if (isSame(service, except)) {
        continue;
      }
      service.at("/spec/ports").forEach(port -> used.add(port.path("nodePort").asInt(0)));
    }
    return used;
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    return one.at("/metadata/name").equals(other.at("/metadata/name"))
        && one.at("/metadata/namespace").equals(other.at("/metadata/namespace"));
  }
}
