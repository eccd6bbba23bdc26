package dev.berth.operator.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.operator.registry.model.ClaimFacts;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.registry.model.TlsModel;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operator computed where the spec left it open, for {@code status.effective}. */
final class EffectiveSettings {
  static final String CERT_MANAGER = "certManager";
  private static final ObjectMapper JSON = new ObjectMapper();

  private EffectiveSettings() {}

  static JsonNode of(RegistryModel model, @Nullable PersistentVolumeClaim claim) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("image", model.image());
    settings.put("replicas", model.replicas());
    settings.put("storage", storage(model.storage(), claim));
    settings.put(
        "tls",
        switch (model.tls()) {
          case TlsModel.Disabled disabled -> "disabled";
          case TlsModel.SelfSigned self -> "selfSigned";
          case TlsModel.CertManager certManager -> CERT_MANAGER;
          case TlsModel.Provided provided -> "secretRef";
        });
    settings.put("service", model.service().type());
    settings.put("resources", model.resources());
    if (model.nodeAccess() != null) {
      settings.put("nodeHosts", model.nodeAccess().hosts());
    }
    return JSON.valueToTree(settings);
  }

  private static Map<String, Object> storage(
      StorageModel storage, @Nullable PersistentVolumeClaim claim) {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (storage.hold() != StorageModel.Hold.STOPPED) {
      settings.put("claimName", storage.claimName());
    }
    if (storage instanceof StorageModel.OwnClaim own) {
      settings.put("size", own.size().toString());
      settings.put("accessMode", String.join(", ", own.accessModes()));
    }
    Quantity capacity = claim == null ? null : ClaimFacts.of(claim).capacity();
    if (capacity != null) {
      settings.put("capacity", capacity.toString());
    }
    return settings;
  }
}
