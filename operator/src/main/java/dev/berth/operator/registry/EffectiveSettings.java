package dev.berth.operator.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.registry.model.TlsModel;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the operator computed where the spec left it open, for {@code status.effective}. */
final class EffectiveSettings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EffectiveSettings() {}

  static JsonNode of(RegistryModel model) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("image", model.image());
    settings.put("replicas", model.replicas());
    settings.put("storage", storage(model.storage()));
    settings.put(
        "tls",
        switch (model.tls()) {
          case TlsModel.Disabled disabled -> "disabled";
          case TlsModel.SelfSigned self -> "selfSigned";
          case TlsModel.Provided provided -> "secretRef";
        });
    settings.put("service", model.service().type());
    settings.put("resources", model.resources());
    return JSON.valueToTree(settings);
  }

  private static Map<String, Object> storage(StorageModel storage) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("claimName", storage.claimName());
    if (storage instanceof StorageModel.OwnClaim own) {
      settings.put("size", own.size().toString());
      settings.put("accessMode", own.accessMode());
    }
    return settings;
  }
}
