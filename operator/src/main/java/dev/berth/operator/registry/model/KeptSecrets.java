package dev.berth.operator.registry.model;

import dev.berth.operator.tls.KeyPairPem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator kept of a registry at an earlier visit.
 *
 * @param keys content of the keys Secret
 * @param certificate the certificate that the registry's own authority issued; null: none yet
 */
public record KeptSecrets(Map<String, String> keys, @Nullable KeyPairPem certificate) {

  @Nullable String key(@Nullable String name) {
    return keys.get(name);
  }

  @Override
  public String toString() {
    return "KeptSecrets[]";
  }
}
