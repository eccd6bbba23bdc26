package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.LoggingSpec;
import dev.berth.operator.policy.GoDuration;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the server's registry.yaml. Its paths are relative to the working directory, below which
 * everything is mounted.
 */
final class ServerConfiguration {
  private ServerConfiguration() {}

  static String yaml(
      List<String> hosts,
      boolean tls,
      AuthenticationModel authentication,
      CollectionTimes collection,
      @Nullable LoggingSpec logging) {
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("port", 5000);
    http.put("hosts", hosts);
    if (tls) {
      http.put("tls", ordered("certificate", "tls/tls.crt", "key", "tls/tls.key"));
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
    root.put("authentication", AuthenticationConfiguration.of(authentication));
    root.put("policy", Map.of("file", "policy/policy.json.gz"));
    root.put(
        "garbageCollection",
        ordered(
            "gracePeriod",
            GoDuration.write(collection.gracePeriod()),
            "undoWindow",
            GoDuration.write(collection.undoWindow()),
            "uploadExpiry",
            GoDuration.write(collection.uploadExpiry())));
    root.put("logging", logging(logging));
    return Serialization.asYaml(root);
  }

  private static Map<String, Object> logging(@Nullable LoggingSpec spec) {
    Map<String, Object> logging =
        ordered("level", spec == null ? "INFO" : spec.level().name(), "format", "json");
    if (spec != null) {
      logging.put("audit", spec.audit());
    }
    return logging;
  }

  /**
   * A map that is written in the order it is made in, so that equal models give equal files:
   * another file restarts the pods. The order of {@link Map#of} differs from process to process.
   */
  static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
