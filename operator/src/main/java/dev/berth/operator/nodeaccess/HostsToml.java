package dev.berth.operator.nodeaccess;

import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import java.util.ArrayList;
import java.util.List;

/**
 * containerd's {@code hosts.toml} of one host: the Service's addresses in order, then a name from
 * outside (<a
 * href="https://github.com/containerd/containerd/blob/main/docs/hosts.md">containerd/docs/hosts.md</a>).
 */
final class HostsToml {
  /** A node that cannot reach the Service goes on to the next within it. */
  private static final String DIAL_TIMEOUT = "1s";

  private HostsToml() {}

  static String render(RegistryModel model, NodeAccessModel nodes, String host) {
    List<String> servers = servers(model, nodes, host);
    StringBuilder toml = new StringBuilder(NodePlan.ownership(model)).append('\n');
    // The last is no host but the server: else containerd asks the host of the reference besides,
    // and reports that no node can resolve its name instead of what the registry said.
    toml.append("server = \"%s\"\n".formatted(servers.getLast()));
    settings(toml, "", model);
    for (String server : servers.subList(0, servers.size() - 1)) {
      toml.append("\n[host.\"%s\"]\n".formatted(server));
      settings(toml, "  ", model);
    }
    if (servers.size() == 1) {
      // containerd before 1.7.32 refuses a file without any (containerd/containerd#10027).
      toml.append("\n[host]\n");
    }
    return toml.toString();
  }

  private static List<String> servers(RegistryModel model, NodeAccessModel nodes, String host) {
    List<String> servers = new ArrayList<>();
    nodes.locations().forEach(address -> servers.add(model.url(address)));
    if (nodes.fallbacks().contains(host)) {
      servers.add(model.url(host));
    } else if (!nodes.fallbacks().isEmpty()) {
      servers.add(model.url(nodes.fallbacks().getFirst()));
    }
    return servers;
  }

  private static void settings(StringBuilder toml, String indent, RegistryModel model) {
    toml.append(indent).append("capabilities = [\"pull\", \"resolve\"]\n");
    if (model.tls().trusted() != null) {
      // Relative to this file, wherever the node has it. It is trusted besides the node's own.
      toml.append(indent).append("ca = \"%s\"\n".formatted(NodePlan.AUTHORITY));
    }
    toml.append(indent).append("dial_timeout = \"%s\"\n".formatted(DIAL_TIMEOUT));
  }
}
