package dev.berth.operator.registry;

import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.operator.registry.dependent.AuthorityChild;
import dev.berth.operator.registry.dependent.PolicyChild;
import dev.berth.operator.registry.model.KeptSecrets;
import dev.berth.operator.tls.KeyPairPem;
import dev.berth.operator.tls.ProvidedCertificate;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads back what the operator kept in a registry's own Secrets; what somebody damaged counts as
 * missing.
 */
final class KeptSecretsReader {
  private KeptSecretsReader() {}

  /** Reads them, beside what the pods said they serve. */
  static KeptSecrets read(References references, @Nullable Set<String> served) {
    return new KeptSecrets(
        texts(references.keys()),
        certificate(references.certificate()),
        texts(references.authority()).get(AuthorityChild.FILE),
        foreignAuthority(references.tls()),
        served);
  }

  /** What cannot be read nobody can trust; a check reports it. */
  private static @Nullable String foreignAuthority(@Nullable Secret secret) {
    String authority = secret == null ? null : SecretText.of(secret, "ca.crt");
    return authority != null && ProvidedCertificate.isBundle(authority) ? authority : null;
  }

  static @Nullable PolicyDocument policy(References references) {
    Secret secret = references.policy();
    String encoded =
        secret == null || secret.getData() == null ? null : secret.getData().get(PolicyChild.FILE);
    if (encoded == null) {
      return null;
    }
    try {
      return PolicyDocumentFormat.read(Base64.getDecoder().decode(encoded));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Map<String, String> texts(@Nullable Secret secret) {
    Map<String, String> texts = new HashMap<>();
    if (secret != null && secret.getData() != null) {
      for (String key : secret.getData().keySet()) {
        String text = SecretText.of(secret, key);
        if (text != null) {
          texts.put(key, text);
        }
      }
    }
    return texts;
  }

  private static @Nullable KeyPairPem certificate(@Nullable Secret secret) {
    Map<String, String> texts = texts(secret);
    String certificate = texts.get("tls.crt");
    String key = texts.get("tls.key");
    return certificate == null || key == null ? null : new KeyPairPem(certificate, key);
  }
}
