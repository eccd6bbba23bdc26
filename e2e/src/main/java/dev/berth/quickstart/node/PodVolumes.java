package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The folders of a pod's volumes. */
final class PodVolumes {

  private final KubernetesClient client;
  private final NodeOptions options;
  private final VolumeContents contents;

  PodVolumes(KubernetesClient client, NodeOptions options) {
    this.client = client;
    this.options = options;
    this.contents = new VolumeContents(client);
  }

  /** Makes every volume, or brings it up to date, and says where each is. */
  Map<String, Path> mount(Pod pod) {
    Map<String, Path> result = new LinkedHashMap<>();
    Path base = options.podDirectory(pod.getMetadata().getUid()).resolve("volumes");
    for (Volume volume : pod.getSpec().getVolumes()) {
      try {
        result.put(
            volume.getName(),
            mount(pod, volume, base.resolve(PathRules.segment(volume.getName()))));
      } catch (IOException e) {
        throw new UncheckedIOException(
            "volume \"" + volume.getName() + "\" cannot be written: " + e.getMessage(), e);
      }
    }
    return result;
  }

  private Path mount(Pod pod, Volume volume, Path folder) throws IOException {
    if (VolumeContents.isFromApi(volume)) {
      new AtomicFolder(folder).write(contents.files(pod, volume));
      return folder;
    }
    if (volume.getEmptyDir() != null) {
      return Files.createDirectories(folder);
    }
    if (volume.getPersistentVolumeClaim() != null) {
      return claim(pod, volume.getPersistentVolumeClaim().getClaimName());
    }
    throw new InvalidSpecException(
        "volume \""
            + volume.getName()
            + "\" is of a type that this node does not have: it has secret, configMap, emptyDir,"
            + " persistentVolumeClaim, projected and downwardAPI");
  }

  private Path claim(Pod pod, String name) throws IOException {
    String namespace = pod.getMetadata().getNamespace();
    PersistentVolumeClaim claim =
        client.persistentVolumeClaims().inNamespace(namespace).withName(name).get();
    if (claim == null) {
      throw new NotYetException("persistentvolumeclaim \"" + name + "\" not found");
    }
    if (claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
      throw new NotYetException("persistentvolumeclaim \"" + name + "\" is not bound yet");
    }
    return Files.createDirectories(options.claimDirectory(namespace, claim.getMetadata().getUid()));
  }
}
