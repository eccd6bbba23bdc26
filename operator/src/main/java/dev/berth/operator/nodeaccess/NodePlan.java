package dev.berth.operator.nodeaccess;

import dev.berth.operator.kubernetes.ShortHash;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the node agent reads: a file {@code plan} that says what to do, and the files that it puts
 * into place.
 */
final class NodePlan {
  static final String FILE = "plan";
  static final String AUTHORITY = "ca.crt";
  private static final String MIRRORS = "registries.conf";

  private NodePlan() {}

  /** The first line of everything on a node that belongs to the registry; the agent's own words. */
  static String ownership(RegistryModel model) {
    return "# Written by Berth for Registry %s. Changes are overwritten."
        .formatted(owner(model.names()));
  }

  private static String owner(RegistryNames names) {
    return names.namespace() + "/" + names.name();
  }

  /** Name to content of every file, for nodes that are to be configured. */
  static Map<String, String> configure(RegistryModel model, NodeAccessModel nodes) {
    Map<String, String> files = new TreeMap<>();
    StringBuilder lines = new StringBuilder();
    if (nodes.isReachable()) {
      int number = 0;
      for (String host : nodes.hosts()) {
        String key = "h" + number++;
        lines.append("host %s %s\n".formatted(key, host));
        files.put(key + ".hosts.toml", HostsToml.render(model, nodes, host));
      }
      files.put(MIRRORS, RegistriesConf.render(model, nodes));
    }
    nodes.locations().forEach(address -> lines.append("address %s\n".formatted(address)));
    String authority = model.tls().trusted();
    if (authority != null) {
      files.put(AUTHORITY, authority);
    }
    String revision = ShortHash.of(lines + files.toString());
    files.put(FILE, plan("configure", model.names(), revision, lines.toString()));
    return files;
  }

  /** For nodes that are to have nothing left of the registry. */
  static Map<String, String> remove(RegistryNames names) {
    return Map.of(FILE, plan("remove", names, "remove", ""));
  }

  /** By which agents that read an earlier plan are told apart. */
  static String revision(Map<String, String> files) {
    return ShortHash.of(files.toString());
  }

  /** The last line tells the agent that it has all of them. */
  private static String plan(String action, RegistryNames names, String revision, String lines) {
    return "action %s\nowner %s\nrevision %s\n%send\n"
        .formatted(action, owner(names), revision, lines);
  }
}
