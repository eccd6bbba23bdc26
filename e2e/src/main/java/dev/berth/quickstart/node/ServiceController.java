package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Service → addresses that answer on this machine, each a proxy to the pods that are ready. */
final class ServiceController implements AutoCloseable {

  private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");
  private static final int FIRST_PRIVILEGED_FREE_PORT = 1024;

  private final KubernetesClient client;
  private final EventRecorder events;
  private final ServiceAddresses addresses;
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>("services", this::reconcile);
  private final Map<ObjectKey, Map<InetSocketAddress, TcpProxy>> proxies = new HashMap<>();
  private final Map<InetSocketAddress, String> failures = new HashMap<>();

  ServiceController(
      KubernetesClient client,
      ClusterInformers informers,
      EventRecorder events,
      NodeOptions options) {
    this.client = client;
    this.events = events;
    this.addresses = new ServiceAddresses(new LoopbackRange(options.serviceRange()));
    informers.on(Service.class, service -> queue.add(ObjectKey.of(service)));
    informers.on(
        Pod.class,
        pod ->
            informers.list(Service.class).stream()
                .map(ObjectKey::of)
                .filter(key -> key.namespace().equals(pod.getMetadata().getNamespace()))
                .forEach(queue::add));
  }

  void start() {
    // Addresses that Services have already are theirs before any new one is given out.
    client.services().inAnyNamespace().list().getItems().forEach(addresses::adopt);
    queue.start();
  }

  @Override
  public void close() {
    queue.close();
    proxies.values().forEach(listeners -> listeners.values().forEach(TcpProxy::close));
    proxies.clear();
  }

  private void reconcile(ObjectKey key) {
    Service service = client.services().inNamespace(key.namespace()).withName(key.name()).get();
    if (service == null) {
      proxies.getOrDefault(key, Map.of()).values().forEach(TcpProxy::close);
      proxies.remove(key);
      addresses.release(key);
      return;
    }
    Service assigned = addresses.assign(service);
    if (!assigned.equals(service)) {
      service = client.resource(assigned).update();
    }
    Map<InetSocketAddress, ServicePort> wanted = wanted(service);
    Map<InetSocketAddress, TcpProxy> listeners =
        proxies.computeIfAbsent(key, _ -> new LinkedHashMap<>());
    listeners
        .entrySet()
        .removeIf(
            entry -> {
              boolean unwanted = !wanted.containsKey(entry.getKey());
              if (unwanted) {
                entry.getValue().close();
              }
              return unwanted;
            });
    List<Pod> pods = client.pods().inNamespace(key.namespace()).list().getItems();
    for (Map.Entry<InetSocketAddress, ServicePort> entry : wanted.entrySet()) {
      listen(service, entry.getKey(), listeners);
      TcpProxy proxy = listeners.get(entry.getKey());
      if (proxy != null) {
        proxy.targets(ServiceEndpoints.targets(service, entry.getValue(), pods));
      }
    }
    publishLoadBalancer(service, listeners);
  }

  private static Map<InetSocketAddress, ServicePort> wanted(Service service) {
    Map<InetSocketAddress, ServicePort> result = new LinkedHashMap<>();
    if (!ServiceAddresses.hasClusterIp(service)) {
      return result;
    }
    for (ServicePort port : service.getSpec().getPorts()) {
      if (port.getProtocol() != null && !port.getProtocol().equals("TCP")) {
        continue;
      }
      InetAddress ip = InetAddress.ofLiteral(service.getSpec().getClusterIP());
      result.put(new InetSocketAddress(ip, port.getPort()), port);
      if (ServiceAddresses.hasNodePorts(service) && port.getNodePort() != null) {
        result.put(new InetSocketAddress(LOCALHOST, port.getNodePort()), port);
      }
      if ("LoadBalancer".equals(service.getSpec().getType())) {
        result.put(new InetSocketAddress(LOCALHOST, port.getPort()), port);
      }
    }
    return result;
  }

  private void listen(
      Service service, InetSocketAddress address, Map<InetSocketAddress, TcpProxy> listeners) {
    if (listeners.containsKey(address)) {
      return;
    }
    try {
      listeners.put(address, TcpProxy.listen(address));
      failures.remove(address);
    } catch (IOException e) {
      String message = explain(address, e);
      if (!message.equals(failures.put(address, message))) {
        events.warning(service, "PortNotBound", message);
      }
    }
  }

  private static String explain(InetSocketAddress address, IOException e) {
    String where = address.getAddress().getHostAddress() + ":" + address.getPort();
    if (!address.getAddress().isLoopbackAddress()) {
      return where
          + " is not served: it is no address of this machine; the pods' own ports and NodePorts work";
    }
    if (address.getPort() < FIRST_PRIVILEGED_FREE_PORT
        && !(e instanceof BindException bind && inUse(bind))) {
      return where
          + " is not served: only root may listen below port 1024 here; the pods' own ports and"
          + " NodePorts work";
    }
    return where
        + " is not served: "
        + e.getMessage()
        + "; end what listens there, or choose another port";
  }

  private static boolean inUse(BindException e) {
    return Objects.requireNonNullElse(e.getMessage(), "").contains("in use");
  }

  private void publishLoadBalancer(Service service, Map<InetSocketAddress, TcpProxy> listeners) {
    if (!"LoadBalancer".equals(service.getSpec().getType())) {
      return;
    }
    boolean free =
        service.getSpec().getPorts().stream()
            .allMatch(p -> listeners.containsKey(new InetSocketAddress(LOCALHOST, p.getPort())));
    List<LoadBalancerIngress> ingress =
        free
            ? List.of(
                new LoadBalancerIngressBuilder()
                    .withIp(LOCALHOST.getHostAddress())
                    .withIpMode("Proxy")
                    .build())
            : List.of();
    Service changed =
        new ServiceBuilder(service)
            .editOrNewStatus()
            .editOrNewLoadBalancer()
            .withIngress(ingress)
            .endLoadBalancer()
            .endStatus()
            .build();
    boolean had =
        service.getStatus() != null
            && service.getStatus().getLoadBalancer() != null
            && service.getStatus().getLoadBalancer().getIngress().equals(ingress);
    if (!had && !(ingress.isEmpty() && service.getStatus() == null)) {
      client.resource(changed).updateStatus();
    }
  }
}
