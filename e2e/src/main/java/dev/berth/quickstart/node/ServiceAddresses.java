package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Gives Services the ClusterIPs and node ports that the API did not give them. */
final class ServiceAddresses {

  private static final int FIRST_NODE_PORT = 30_000;
  private static final int LAST_NODE_PORT = 32_767;
  private static final String HEADLESS = "None";

  private final LoopbackRange range;
  private final Map<Integer, ObjectKey> nodePorts = new HashMap<>();

  ServiceAddresses(LoopbackRange range) {
    this.range = range;
  }

  static boolean hasClusterIp(Service service) {
    String ip = service.getSpec().getClusterIP();
    return ip != null && !ip.isEmpty() && !ip.equals(HEADLESS);
  }

  static boolean hasNodePorts(Service service) {
    return Objects.equals(service.getSpec().getType(), "NodePort")
        || Objects.equals(service.getSpec().getType(), "LoadBalancer");
  }

  void adopt(Service service) {
    if (hasClusterIp(service) && range.contains(service.getSpec().getClusterIP())) {
      range.take(ObjectKey.of(service).toString(), service.getSpec().getClusterIP());
    }
    service.getSpec().getPorts().stream()
        .filter(port -> port.getNodePort() != null)
        .forEach(port -> nodePorts.putIfAbsent(port.getNodePort(), ObjectKey.of(service)));
  }

  void release(ObjectKey key) {
    range.release(key.toString());
    nodePorts.values().removeIf(key::equals);
  }

  /** The Service with everything it lacks; equal to the given one when it lacks nothing. */
  Service assign(Service service) {
    if ("ExternalName".equals(service.getSpec().getType())
        || HEADLESS.equals(service.getSpec().getClusterIP())) {
      return service;
    }
    adopt(service);
    ServiceBuilder result = new ServiceBuilder(service);
    if (!hasClusterIp(service)) {
      String ip = range.take(ObjectKey.of(service).toString(), "");
      result.editSpec().withClusterIP(ip).withClusterIPs(ip).endSpec();
    }
    if (hasNodePorts(service)) {
      for (int i = 0; i < service.getSpec().getPorts().size(); i++) {
        ServicePort port = service.getSpec().getPorts().get(i);
        if (port.getNodePort() == null || port.getNodePort() == 0) {
          int free = freeNodePort(ObjectKey.of(service));
          result.editSpec().editPort(i).withNodePort(free).endPort().endSpec();
        }
      }
    }
    return result.build();
  }

  private int freeNodePort(ObjectKey key) {
    for (int port = FIRST_NODE_PORT; port <= LAST_NODE_PORT; port++) {
      if (nodePorts.putIfAbsent(port, key) == null) {
        return port;
      }
    }
    throw new IllegalStateException("every node port is in use");
  }
}
