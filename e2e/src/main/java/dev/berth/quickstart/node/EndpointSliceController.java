package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/** Service → EndpointSlices: one for each set of port numbers that its pods have. */
final class EndpointSliceController implements AutoCloseable {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  private static final String MANAGER = "berth-local-node";
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final EventRecorder events;
  private final Set<String> refused = new HashSet<>();
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>("endpointslices", this::reconcile);

  EndpointSliceController(
      KubernetesClient client, ClusterInformers informers, EventRecorder events) {
    this.client = client;
    this.events = events;
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
    queue.start();
  }

  @Override
  public void close() {
    queue.close();
  }

  private void reconcile(ObjectKey key) {
    Service service = client.services().inNamespace(key.namespace()).withName(key.name()).get();
    List<EndpointSlice> existing =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(key.namespace())
            .withLabel(SERVICE_NAME, key.name())
            .list()
            .getItems()
            .stream()
            .filter(slice -> MANAGER.equals(slice.getMetadata().getLabels().get(MANAGED_BY)))
            .toList();
    List<EndpointSlice> wanted = service == null ? List.of() : desired(service);
    for (EndpointSlice slice : wanted) {
      apply(Objects.requireNonNull(service), slice, existing);
    }
    Set<String> names = new HashSet<>(wanted.stream().map(s -> s.getMetadata().getName()).toList());
    existing.stream()
        .filter(slice -> !names.contains(slice.getMetadata().getName()))
        .forEach(slice -> client.resource(slice).delete());
  }

  private void apply(Service service, EndpointSlice slice, List<EndpointSlice> existing) {
    EndpointSlice before =
        existing.stream()
            .filter(s -> s.getMetadata().getName().equals(slice.getMetadata().getName()))
            .findFirst()
            .orElse(null);
    try {
      if (before == null) {
        client.resource(slice).create();
      } else if (!before.getEndpoints().equals(slice.getEndpoints())
          || !before.getPorts().equals(slice.getPorts())) {
        client
            .resource(
                new EndpointSliceBuilder(before)
                    .withEndpoints(slice.getEndpoints())
                    .withPorts(slice.getPorts())
                    .build())
            .update();
      }
    } catch (KubernetesClientException e) {
      // A real API server takes no loopback address in a slice; the Service is served all the same.
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      if (refused.add(service.getMetadata().getUid())) {
        events.warning(
            service,
            "EndpointSliceRefused",
            "The API takes no EndpointSlice with loopback addresses; connections to the Service"
                + " work, reading its endpoints does not");
      }
    }
  }

  private List<EndpointSlice> desired(Service service) {
    Map<List<EndpointPort>, List<Endpoint>> byPorts = new LinkedHashMap<>();
    List<Pod> pods =
        client.pods().inNamespace(service.getMetadata().getNamespace()).list().getItems().stream()
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .toList();
    for (Pod pod : ServiceEndpoints.selected(service, pods)) {
      byPorts
          .computeIfAbsent(ports(service, pod), _ -> new ArrayList<>())
          .add(endpoint(service, pod));
    }
    List<EndpointSlice> slices = new ArrayList<>();
    byPorts.forEach(
        (ports, endpoints) -> slices.add(slice(service, slices.size(), ports, endpoints)));
    return slices;
  }

  private static EndpointSlice slice(
      Service service, int number, List<EndpointPort> ports, List<Endpoint> endpoints) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(service.getMetadata().getName() + "-" + number)
        .addToLabels(SERVICE_NAME, service.getMetadata().getName())
        .addToLabels(MANAGED_BY, MANAGER)
        .withOwnerReferences(Pods.controller(service))
        .endMetadata()
        .withAddressType("IPv4")
        .withPorts(ports)
        .withEndpoints(endpoints)
        .build();
  }

  private static List<EndpointPort> ports(Service service, Pod pod) {
    List<EndpointPort> result = new ArrayList<>();
    for (ServicePort port : service.getSpec().getPorts()) {
      OptionalInt number = ServiceEndpoints.targetPort(port, pod);
      if (number.isPresent()) {
        result.add(
            new EndpointPortBuilder()
                .withName(Objects.requireNonNullElse(port.getName(), ""))
                .withProtocol(Objects.requireNonNullElse(port.getProtocol(), "TCP"))
                .withPort(number.getAsInt())
                .build());
      }
    }
    return result;
  }

  private static Endpoint endpoint(Service service, Pod pod) {
    boolean ready = Pods.isReady(pod);
    return new EndpointBuilder()
        .withAddresses(pod.getStatus().getPodIP())
        .withNodeName(pod.getSpec().getNodeName())
        .withNewConditions()
        .withReady(ServiceEndpoints.serves(service, pod))
        .withServing(ready)
        .withTerminating(Pods.isDeleted(pod))
        .endConditions()
        .withNewTargetRef()
        .withKind("Pod")
        .withNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .withUid(pod.getMetadata().getUid())
        .endTargetRef()
        .build();
  }
}
