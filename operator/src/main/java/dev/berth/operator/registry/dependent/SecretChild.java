package dev.berth.operator.registry.dependent;

import dev.berth.operator.registry.model.RegistryModel;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** A Secret of the registry. */
abstract class SecretChild extends RegistryChild<Secret> {

  SecretChild(String name) {
    super(Secret.class, name);
  }

  final Secret secret(RegistryModel model, String type, Map<String, String> text) {
    Map<String, String> data = new TreeMap<>();
    text.forEach((key, value) -> data.put(key, encoded(value.getBytes(StandardCharsets.UTF_8))));
    return new SecretBuilder().withMetadata(metadata(model)).withType(type).withData(data).build();
  }

  static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
