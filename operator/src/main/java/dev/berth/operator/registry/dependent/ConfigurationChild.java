package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;

/** The server's configuration file. */
public final class ConfigurationChild extends RegistryChild<ConfigMap> {
  static final String FILE = "registry.yaml";

  public ConfigurationChild() {
    super(ConfigMap.class, "configuration");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.configuration();
  }

  @Override
  public ConfigMap desired(RegistryModel model) {
    return new ConfigMapBuilder()
        .withMetadata(metadata(model))
        .addToData(FILE, model.configuration())
        .build();
  }
}
