package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.Registry;
import java.util.List;
import java.util.Set;

/** The names that follow from a Registry's own; users rely on them, so they never change. */
public record RegistryNames(String name, String namespace) {

  public static RegistryNames of(Registry registry) {
    return new RegistryNames(
        registry.getMetadata().getName(), registry.getMetadata().getNamespace());
  }

  public String service() {
    return name;
  }

  public String managementService() {
    return name + "-management";
  }

  /** The workload, its ServiceAccount and its NetworkPolicy. */
  public String workload() {
    return name;
  }

  public String configuration() {
    return name + "-config";
  }

  public String claim() {
    return name + "-data";
  }

  /** What the registry's own CA calls itself. */
  String authorityName() {
    return "Berth %s/%s".formatted(namespace, name);
  }

  /** The Secret with the CA certificate that users trust. */
  public String authority() {
    return name + "-ca";
  }

  /** Everything that has to do with nodes. */
  public String nodeAccess() {
    return name + "-node-access";
  }

  /** Files for those who own the nodes. */
  public String nodeSnippets() {
    return name + "-node-snippets";
  }

  /** What has to do with the proof that nodes can pull. */
  public String canary() {
    return name + "-canary";
  }

  public String certificate() {
    return name + "-tls";
  }

  public String policy() {
    return name + "-policy";
  }

  public String keys() {
    return name + "-keys";
  }

  /** Every Secret that the operator writes for the registry. */
  public Set<String> secrets() {
    return Set.of(authority(), certificate(), policy(), keys(), canary());
  }

  /** The host by which the cluster knows the Service, without a port. */
  public String serviceHost() {
    return name + "." + namespace + ".svc";
  }

  /** Every name by which a Pod of the cluster may reach the Service. */
  public List<String> clusterHosts() {
    return List.of(serviceHost(), serviceHost() + ".cluster.local", name + "." + namespace, name);
  }
}
