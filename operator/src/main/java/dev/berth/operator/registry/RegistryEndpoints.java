package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Endpoint;
import dev.berth.api.v1alpha1.registry.EndpointType;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every way to reach a registry, for the status. */
final class RegistryEndpoints {
  private RegistryEndpoints() {}

  static List<Endpoint> of(RegistryModel model, @Nullable Service service) {
    List<Endpoint> endpoints = new ArrayList<>();
    String host = model.names().serviceHost();
    endpoints.add(
        new Endpoint(EndpointType.CLUSTER, model.url(host + ":" + model.service().port()), host));
    List<String> clusterHosts = model.names().clusterHosts();
    model.hosts().stream()
        .filter(external -> !clusterHosts.contains(external))
        .map(external -> new Endpoint(EndpointType.EXTERNAL, model.url(external), external))
        .forEach(endpoints::add);
    if (service != null
        && service.getStatus() != null
        && service.getStatus().getLoadBalancer() != null) {
      service.getStatus().getLoadBalancer().getIngress().stream()
          .map(ingress -> ingress.getHostname() == null ? ingress.getIp() : ingress.getHostname())
          .map(
              address ->
                  new Endpoint(
                      EndpointType.LOAD_BALANCER,
                      model.url(ClusterAddresses.bracketed(address) + ":" + model.service().port()),
                      address))
          .forEach(endpoints::add);
    }
    return endpoints;
  }

  /**
   * What image references may start with. The Service's names are there with its port as well: a
   * kubelet takes a credential only for the very port that the reference has.
   */
  static List<String> hosts(RegistryModel model, RegistryStatus status) {
    Stream<String> withPort =
        model.names().clusterHosts().stream().map(host -> host + ":" + model.service().port());
    return Stream.of(
            model.hosts().stream(), withPort, status.endpoints().stream().map(Endpoint::host))
        .flatMap(hosts -> hosts)
        .distinct()
        .sorted()
        .toList();
  }
}
