package dev.berth.operator.registry.model;

import dev.berth.operator.tls.KeyPairPem;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What earlier visits left of a registry, and its pods made of it.
 *
 * @param keys content of the keys Secret
 * @param certificate the certificate that the registry's own authority issued; null: none yet
 * @param bundle the authorities that clients are given to trust; null: none
 * @param foreignAuthority authorities that came with a certificate of somebody else; null: none
 * @param served fingerprints of the certificates that the pods said they serve; null: unknown
 */
public record KeptSecrets(
    Map<String, String> keys,
    @Nullable KeyPairPem certificate,
    @Nullable String bundle,
    @Nullable String foreignAuthority,
    @Nullable Set<String> served) {

  @Nullable String key(@Nullable String name) {
    return keys.get(name);
  }

  @Override
  public String toString() {
    return "KeptSecrets[]";
  }
}
