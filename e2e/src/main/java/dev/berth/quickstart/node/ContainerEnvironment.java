package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment variables that a container's specification gives its process. */
final class ContainerEnvironment {

  private static final Pattern REFERENCE = Pattern.compile("\\$(\\$|\\(([^)]*)\\))");

  private final KubernetesClient client;

  ContainerEnvironment(KubernetesClient client) {
    this.client = client;
  }

  Map<String, String> of(Pod pod, Container container, String podIp) {
    Map<String, String> result = new LinkedHashMap<>();
    for (EnvFromSource source : container.getEnvFrom()) {
      String prefix = Objects.requireNonNullElse(source.getPrefix(), "");
      all(pod, source).forEach((key, value) -> result.put(prefix + key, value));
    }
    for (EnvVar variable : container.getEnv()) {
      String value =
          variable.getValueFrom() == null
              ? expand(Objects.requireNonNullElse(variable.getValue(), ""), result)
              : from(pod, container, variable.getValueFrom(), podIp);
      if (value != null) {
        result.put(variable.getName(), value);
      }
    }
    return result;
  }

  /**
   * {@code $(NAME)} becomes the variable's value, {@code $$} a dollar; what is unknown stays as it
   * is.
   */
  static String expand(String text, Map<String, String> variables) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              String name = match.group(2);
              String value = name == null ? "$" : variables.getOrDefault(name, match.group());
              return Matcher.quoteReplacement(value);
            });
  }

  private @Nullable String from(Pod pod, Container container, EnvVarSource source, String podIp) {
    if (source.getFieldRef() != null) {
      return PodFields.value(pod, source.getFieldRef().getFieldPath(), podIp);
    }
    if (source.getSecretKeyRef() != null) {
      var ref = source.getSecretKeyRef();
      return pick(
          "secret", ref.getName(), ref.getKey(), secret(pod, ref.getName()), ref.getOptional());
    }
    if (source.getConfigMapKeyRef() != null) {
      var ref = source.getConfigMapKeyRef();
      return pick(
          "configmap", ref.getName(), ref.getKey(), map(pod, ref.getName()), ref.getOptional());
    }
    if (source.getResourceFieldRef() != null) {
      return resource(container, source.getResourceFieldRef().getResource());
    }
    throw new InvalidSpecException(
        "an environment variable's value comes from a Secret, a ConfigMap, a field or a resource");
  }

  private static String resource(Container container, String name) {
    var requirements = container.getResources();
    boolean limits = name.startsWith("limits.");
    String resource = name.substring(name.indexOf('.') + 1);
    var amounts =
        requirements == null
            ? null
            : limits ? requirements.getLimits() : requirements.getRequests();
    if (amounts == null || !amounts.containsKey(resource)) {
      throw new InvalidSpecException("the container has no resource \"" + name + "\"");
    }
    return amounts.get(resource).getNumericalAmount().toBigInteger().toString();
  }

  private static @Nullable String pick(
      String kind,
      String name,
      String key,
      @Nullable Map<String, String> data,
      @Nullable Boolean optional) {
    String value = data == null ? null : data.get(key);
    if (value == null && !Boolean.TRUE.equals(optional)) {
      throw new NotYetException(
          data == null
              ? kind + " \"" + name + "\" not found"
              : kind + " \"" + name + "\" has no key \"" + key + "\"");
    }
    return value;
  }

  private Map<String, String> all(Pod pod, EnvFromSource source) {
    String kind = source.getSecretRef() == null ? "configmap" : "secret";
    String name;
    Map<String, String> data;
    Boolean optional;
    if (source.getSecretRef() != null) {
      name = source.getSecretRef().getName();
      optional = source.getSecretRef().getOptional();
      data = secret(pod, name);
    } else {
      name = source.getConfigMapRef().getName();
      optional = source.getConfigMapRef().getOptional();
      data = map(pod, name);
    }
    if (data == null && !Boolean.TRUE.equals(optional)) {
      throw new NotYetException(kind + " \"" + name + "\" not found");
    }
    return data == null ? Map.of() : data;
  }

  private @Nullable Map<String, String> secret(Pod pod, String name) {
    Secret secret =
        client.secrets().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    if (secret == null) {
      return null;
    }
    Map<String, String> result = new LinkedHashMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) ->
                  result.put(
                      key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return result;
  }

  private @Nullable Map<String, String> map(Pod pod, String name) {
    ConfigMap map =
        client.configMaps().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    if (map == null) {
      return null;
    }
    return map.getData() == null ? Map.of() : map.getData();
  }
}
