package dev.berth.operator.nodeaccess;

import static java.util.stream.Collectors.joining;

import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ready files for those who own the nodes, where no agent may write: each says the same as what the
 * agent writes, in the words of a distribution.
 */
final class NodeSnippets {
  /** Files of version 2, as kind's and those of containerd 1, have the first table for all. */
  private static final String CONTAINERD =
      """
      # containerd 1 reads the first, and leaves the other alone; containerd 2 reads either by the version of its file.
      [plugins."io.containerd.grpc.v1.cri".registry]
        config_path = "/etc/containerd/certs.d"
      [plugins."io.containerd.cri.v1.images".registry]
        config_path = "/etc/containerd/certs.d"
      """;

  private NodeSnippets() {}

  static Map<String, String> files(RegistryModel model, NodeAccessModel nodes) {
    Map<String, String> files = new TreeMap<>();
    files.put(
        "containerd.toml",
        "# For /etc/containerd/config.toml; where it has such a table, set config_path there. Then restart containerd.\n"
            + CONTAINERD);
    files.put("kind.yaml", kind());
    files.put("eks-nodeadm.yaml", nodeadm());
    files.put("k3s-registries.yaml", k3s(model, nodes));
    files.put("talos.yaml", talos(model, nodes));
    files.put("bottlerocket.toml", bottlerocket(model, nodes));
    files.put("credential-provider.yaml", credentialProvider(model, nodes));
    files.put("credential-provider-rights.yaml", rights(model));
    String authority = model.tls().trusted();
    if (authority != null) {
      files.put(NodePlan.AUTHORITY, authority);
    }
    return files;
  }

  private static String kind() {
    return Serialization.asYaml(
        ordered(
            "kind",
            "Cluster",
            "apiVersion",
            "kind.x-k8s.io/v1alpha4",
            "containerdConfigPatches",
            List.of(CONTAINERD)));
  }

  private static String nodeadm() {
    return Serialization.asYaml(
        ordered(
            "apiVersion",
            "node.eks.aws/v1alpha1",
            "kind",
            "NodeConfig",
            "spec",
            Map.of("containerd", Map.of("config", CONTAINERD))));
  }

  /** Also RKE2's, whose folder is /etc/rancher/rke2. */
  private static String k3s(RegistryModel model, NodeAccessModel nodes) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("mirrors", mirrors("endpoint", model, nodes));
    if (model.tls().trusted() != null) {
      Map<String, Object> configs = new LinkedHashMap<>();
      nodes
          .locations()
          .forEach(
              address ->
                  configs.put(
                      address,
                      Map.of(
                          "tls", Map.of("ca_file", "/etc/rancher/k3s/" + slug(model) + ".crt"))));
      root.put("configs", configs);
    }
    return "# /etc/rancher/k3s/registries.yaml; put ca.crt beside it as %s.crt, then restart k3s. RKE2: rke2 for k3s.\n"
            .formatted(slug(model))
        + Serialization.asYaml(root);
  }

  private static String talos(RegistryModel model, NodeAccessModel nodes) {
    Map<String, Object> registries = new LinkedHashMap<>();
    registries.put("mirrors", mirrors("endpoints", model, nodes));
    if (model.tls().trusted() != null) {
      Map<String, Object> config = new LinkedHashMap<>();
      nodes
          .locations()
          .forEach(address -> config.put(address, Map.of("tls", Map.of("ca", base64(model)))));
      registries.put("config", config);
    }
    return Serialization.asYaml(Map.of("machine", Map.of("registries", registries)));
  }

  private static Map<String, Object> mirrors(
      String key, RegistryModel model, NodeAccessModel nodes) {
    Map<String, Object> mirrors = new LinkedHashMap<>();
    nodes.hosts().forEach(host -> mirrors.put(host, Map.of(key, urls(model, nodes))));
    return mirrors;
  }

  private static String bottlerocket(RegistryModel model, NodeAccessModel nodes) {
    StringBuilder toml = new StringBuilder();
    String urls = urls(model, nodes).stream().map(url -> "\"" + url + "\"").collect(joining(", "));
    nodes
        .hosts()
        .forEach(
            host ->
                toml.append(
                    """
                    [[settings.container-registry.mirrors]]
                    registry = "%s"
                    endpoint = [%s]

                    """
                        .formatted(host, urls)));
    if (model.tls().trusted() != null) {
      toml.append(
          """
          [settings.pki.%s]
          data = "%s"
          trusted = true
          """
              .formatted(slug(model), base64(model)));
    }
    return toml.toString();
  }

  /** For the kubelet of Kubernetes 1.34 and later. */
  private static String credentialProvider(RegistryModel model, NodeAccessModel nodes) {
    Map<String, Object> provider =
        ordered(
            "name",
            "berth-credential-provider",
            "matchImages",
            nodes.hosts(),
            "defaultCacheDuration",
            "5m0s",
            "apiVersion",
            "credentialprovider.kubelet.k8s.io/v1",
            "tokenAttributes",
            ordered(
                "serviceAccountTokenAudience",
                audience(model),
                "cacheType",
                "Token",
                "requireServiceAccount",
                true));
    return Serialization.asYaml(
        ordered(
            "apiVersion",
            "kubelet.config.k8s.io/v1",
            "kind",
            "CredentialProviderConfig",
            "providers",
            List.of(provider)));
  }

  /** What lets kubelets ask for tokens that are made for the registry. */
  private static String rights(RegistryModel model) {
    String name = "berth-node-audience-" + slug(model);
    Map<String, Object> rule =
        ordered(
            "apiGroups",
            List.of(""),
            "resources",
            List.of(audience(model)),
            "verbs",
            List.of("request-serviceaccounts-token-audience"));
    String group = "rbac.authorization.k8s.io";
    return Serialization.asYaml(
            ordered(
                "apiVersion",
                group + "/v1",
                "kind",
                "ClusterRole",
                "metadata",
                Map.of("name", name),
                "rules",
                List.of(rule)))
        + Serialization.asYaml(
            ordered(
                "apiVersion",
                group + "/v1",
                "kind",
                "ClusterRoleBinding",
                "metadata",
                Map.of("name", name),
                "roleRef",
                ordered("apiGroup", group, "kind", "ClusterRole", "name", name),
                "subjects",
                List.of(ordered("apiGroup", group, "kind", "Group", "name", "system:nodes"))));
  }

  private static String audience(RegistryModel model) {
    return model.url(model.hosts().getFirst());
  }

  private static List<String> urls(RegistryModel model, NodeAccessModel nodes) {
    List<String> addresses = nodes.locations().stream().map(model::url).toList();
    return addresses.isEmpty() ? List.of(model.url(nodes.fallbacks().getFirst())) : addresses;
  }

  private static String slug(RegistryModel model) {
    return model.names().namespace() + "-" + model.names().name();
  }

  private static String base64(RegistryModel model) {
    return Base64.getEncoder()
        .encodeToString(("" + model.tls().trusted()).getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
