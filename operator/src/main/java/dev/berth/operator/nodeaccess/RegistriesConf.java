package dev.berth.operator.nodeaccess;

import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;

/** CRI-O's file of mirrors, for {@code registries.conf.d} (containers-registries.conf(5)). */
final class RegistriesConf {
  private RegistriesConf() {}

  static String render(RegistryModel model, NodeAccessModel nodes) {
    StringBuilder conf = new StringBuilder(NodePlan.ownership(model)).append('\n');
    for (String host : nodes.hosts()) {
      conf.append("\n[[registry]]\n");
      location(conf, host, model);
      nodes.locations().forEach(address -> mirror(conf, address, model));
      if (!nodes.fallbacks().isEmpty() && !nodes.fallbacks().contains(host)) {
        mirror(conf, nodes.fallbacks().getFirst(), model);
      }
    }
    return conf.toString();
  }

  private static void mirror(StringBuilder conf, String location, RegistryModel model) {
    conf.append("[[registry.mirror]]\n");
    location(conf, location, model);
  }

  private static void location(StringBuilder conf, String location, RegistryModel model) {
    conf.append("location = \"%s\"\n".formatted(location));
    if (!model.isTls()) {
      conf.append("insecure = true\n");
    }
  }
}
