package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** Which pods are behind a Service, and at which of their ports. */
final class ServiceEndpoints {

  private ServiceEndpoints() {}

  /**
   * The pods that the Service selects and that have an address, the ones that do not serve
   * included.
   */
  static List<Pod> selected(Service service, List<Pod> pods) {
    Map<String, String> selector = service.getSpec().getSelector();
    if (selector == null || selector.isEmpty()) {
      return List.of();
    }
    return pods.stream()
        .filter(
            pod ->
                Objects.equals(
                    pod.getMetadata().getNamespace(), service.getMetadata().getNamespace()))
        .filter(pod -> hasLabels(pod, selector))
        .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
        .filter(pod -> !isEnded(pod))
        .toList();
  }

  /** Whether connections may go to the pod. */
  static boolean serves(Service service, Pod pod) {
    return !Pods.isDeleted(pod)
        && (Pods.isReady(pod)
            || Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses()));
  }

  /** Where connections to that port of the Service may go. */
  static List<InetSocketAddress> targets(Service service, ServicePort port, List<Pod> pods) {
    return selected(service, pods).stream()
        .filter(pod -> serves(service, pod))
        .filter(pod -> targetPort(port, pod).isPresent())
        .map(
            pod ->
                new InetSocketAddress(
                    InetAddress.ofLiteral(pod.getStatus().getPodIP()),
                    targetPort(port, pod).getAsInt()))
        .toList();
  }

  /** The number of the pod's port; empty when the port has a name that the pod does not know. */
  static OptionalInt targetPort(ServicePort port, Pod pod) {
    IntOrString target = port.getTargetPort();
    if (target == null || (target.getIntVal() != null && target.getIntVal() == 0)) {
      return OptionalInt.of(port.getPort());
    }
    if (target.getIntVal() != null) {
      return OptionalInt.of(target.getIntVal());
    }
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(candidate -> target.getStrVal().equals(candidate.getName()))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst();
  }

  private static boolean isEnded(Pod pod) {
    return "Succeeded".equals(pod.getStatus().getPhase())
        || "Failed".equals(pod.getStatus().getPhase());
  }

  private static boolean hasLabels(Pod pod, Map<String, String> selector) {
    return pod.getMetadata().getLabels() != null
        && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
  }
}
