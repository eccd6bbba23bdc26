package dev.berth.operator.registry.model;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the server's registry.yaml. Its paths are relative to the working directory, below which
 * everything is mounted.
 */
final class ServerConfiguration {
  private ServerConfiguration() {}

  static String yaml(List<String> hosts, boolean tls, boolean users, String logLevel) {
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("port", 5000);
    http.put("hosts", hosts);
    if (tls) {
      http.put("tls", ordered("certificate", "tls/tls.crt", "key", "tls/tls.key"));
    }
    Map<String, Object> authentication = new LinkedHashMap<>();
    authentication.put("signingKeyFile", "keys/signing.pem");
    if (users) {
      // The Secret may come later than the pod, and a registry without its users still serves
      // everybody else.
      authentication.put("htpasswd", ordered("file", "users/htpasswd", "optional", true));
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("http", http);
    root.put(
        "management",
        ordered(
            "port",
            5001,
            "tls",
            ordered("certificate", "keys/management.crt", "key", "keys/management.key"),
            "tokenFile",
            "keys/management.token"));
    root.put("storage", Map.of("filesystem", Map.of("path", "data")));
    root.put("metadata", Map.of("embedded", Map.of("path", "data/berth.db")));
    root.put("authentication", authentication);
    root.put("policy", Map.of("file", "policy/policy.json.gz"));
    root.put("logging", ordered("level", logLevel, "format", "json"));
    return Serialization.asYaml(root);
  }

  /**
   * A map that is written in the order it is made in, so that equal models give equal files:
   * another file restarts the pods. The order of {@link Map#of} differs from process to process.
   */
  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
