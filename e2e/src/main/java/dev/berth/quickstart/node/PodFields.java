package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a pod that the downward API offers to its containers. */
final class PodFields {

  private static final Pattern ENTRY =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']*)'\\]");

  private PodFields() {}

  static String value(Pod pod, String path, String podIp) {
    Matcher entry = ENTRY.matcher(path);
    if (entry.matches()) {
      Map<String, String> map =
          entry.group(1).equals("labels")
              ? pod.getMetadata().getLabels()
              : pod.getMetadata().getAnnotations();
      return map == null ? "" : map.getOrDefault(entry.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "metadata.labels" -> lines(pod.getMetadata().getLabels());
      case "metadata.annotations" -> lines(pod.getMetadata().getAnnotations());
      case "spec.nodeName" -> NodeOptions.NODE_NAME;
      case "spec.serviceAccountName" ->
          Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default");
      case "status.podIP", "status.podIPs" -> podIp;
      case "status.hostIP", "status.hostIPs" -> "127.0.0.1";
      default ->
          throw new InvalidSpecException("the field \"" + path + "\" is not offered to pods");
    };
  }

  private static String lines(@Nullable Map<String, String> map) {
    return map == null
        ? ""
        : new TreeMap<>(map)
            .entrySet().stream()
                .map(e -> e.getKey() + "=\"" + e.getValue().replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining("\n"));
  }
}
