package dev.berth.quickstart.node;

import static dev.berth.quickstart.node.Pods.orDefault;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the files of a volume are that is made from objects of the API. */
final class VolumeContents {

  private static final int DEFAULT_MODE = 0644;

  private final KubernetesClient client;

  VolumeContents(KubernetesClient client) {
    this.client = client;
  }

  static boolean isFromApi(Volume volume) {
    return volume.getSecret() != null
        || volume.getConfigMap() != null
        || volume.getDownwardAPI() != null
        || volume.getProjected() != null;
  }

  /**
   * The files by their path; {@link NotYetException} while an object is missing that is not
   * optional.
   */
  Map<String, FileContent> files(Pod pod, Volume volume) {
    if (volume.getSecret() != null) {
      var source = volume.getSecret();
      return secret(
          pod,
          source.getSecretName(),
          source.getItems(),
          source.getOptional(),
          orDefault(source.getDefaultMode(), DEFAULT_MODE));
    }
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      return configMap(
          pod,
          source.getName(),
          source.getItems(),
          source.getOptional(),
          orDefault(source.getDefaultMode(), DEFAULT_MODE));
    }
    if (volume.getDownwardAPI() != null) {
      return downward(
          pod,
          volume.getDownwardAPI().getItems(),
          orDefault(volume.getDownwardAPI().getDefaultMode(), DEFAULT_MODE));
    }
    return projected(pod, volume.getProjected());
  }

  private Map<String, FileContent> projected(Pod pod, ProjectedVolumeSource source) {
    int mode = orDefault(source.getDefaultMode(), DEFAULT_MODE);
    Map<String, FileContent> result = new LinkedHashMap<>();
    for (VolumeProjection part : source.getSources()) {
      if (part.getSecret() != null) {
        var s = part.getSecret();
        result.putAll(secret(pod, s.getName(), s.getItems(), s.getOptional(), mode));
      } else if (part.getConfigMap() != null) {
        var c = part.getConfigMap();
        result.putAll(configMap(pod, c.getName(), c.getItems(), c.getOptional(), mode));
      } else if (part.getDownwardAPI() != null) {
        result.putAll(downward(pod, part.getDownwardAPI().getItems(), mode));
      } else {
        throw new InvalidSpecException(
            "this node projects Secrets, ConfigMaps and the downward API only");
      }
    }
    return result;
  }

  private Map<String, FileContent> secret(
      Pod pod, String name, List<KeyToPath> items, @Nullable Boolean optional, int mode) {
    Secret secret =
        client.secrets().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    Map<String, FileContent> data = new LinkedHashMap<>();
    if (secret != null && secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) ->
                  data.put(key, FileContent.of(Base64.getDecoder().decode(value), mode)));
    }
    return select("secret", name, secret != null, data, items, Boolean.TRUE.equals(optional));
  }

  private Map<String, FileContent> configMap(
      Pod pod, String name, List<KeyToPath> items, @Nullable Boolean optional, int mode) {
    ConfigMap map =
        client.configMaps().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    Map<String, FileContent> data = new LinkedHashMap<>();
    if (map != null) {
      if (map.getData() != null) {
        map.getData().forEach((key, value) -> data.put(key, FileContent.of(value, mode)));
      }
      if (map.getBinaryData() != null) {
        map.getBinaryData()
            .forEach(
                (key, value) ->
                    data.put(key, FileContent.of(Base64.getDecoder().decode(value), mode)));
      }
    }
    return select("configmap", name, map != null, data, items, Boolean.TRUE.equals(optional));
  }

  private static Map<String, FileContent> select(
      String kind,
      String name,
      boolean exists,
      Map<String, FileContent> data,
      @Nullable List<KeyToPath> items,
      boolean optional) {
    if (!exists && !optional) {
      throw new NotYetException(kind + " \"" + name + "\" not found");
    }
    if (items == null || items.isEmpty()) {
      return data;
    }
    Map<String, FileContent> result = new LinkedHashMap<>();
    for (KeyToPath item : items) {
      FileContent content = data.get(item.getKey());
      if (content != null) {
        result.put(
            item.getPath(),
            new FileContent(content.bytes(), orDefault(item.getMode(), content.mode())));
      } else if (!optional) {
        throw new NotYetException(kind + " \"" + name + "\" has no key \"" + item.getKey() + "\"");
      }
    }
    return result;
  }

  private static Map<String, FileContent> downward(
      Pod pod, List<DownwardAPIVolumeFile> items, int mode) {
    Map<String, FileContent> result = new LinkedHashMap<>();
    for (DownwardAPIVolumeFile item : items) {
      if (item.getFieldRef() == null) {
        throw new InvalidSpecException(
            "this node offers fields in downwardAPI volumes, no resources");
      }
      result.put(
          item.getPath(),
          FileContent.of(
              PodFields.value(pod, item.getFieldRef().getFieldPath(), ""),
              orDefault(item.getMode(), mode)));
    }
    return result;
  }
}
