package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.Pods;
import dev.berth.operator.podimages.ImageReference;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.ImageVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.net.URI;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Tells whether a pod runs an image of a registry: by the host in the image's reference, under any
 * of the registry's names. The registry's own pods do not count, wherever their image comes from.
 *
 * @param counts whether a repository of the registry does
 */
public record RunningImages(
    String registry, String namespace, Set<String> hosts, Predicate<String> counts) {

  static RunningImages of(Registry registry) {
    return of(registry, any -> true);
  }

  /** Those of some repositories alone. */
  public static RunningImages of(Registry registry, Predicate<String> counts) {
    RegistryNames names = RegistryNames.of(registry);
    Set<String> hosts = new HashSet<>();
    Stream.concat(registry.getSpec().externalHosts().stream(), names.clusterHosts().stream())
        .map(ImageReference::normal)
        .forEach(hosts::add);
    RegistryStatus status = registry.getStatus();
    if (status != null) {
      Stream.concat(
              Stream.ofNullable(status.url()),
              status.endpoints().stream().map(endpoint -> endpoint.url()))
          .map(url -> ImageReference.normal(URI.create(url).getRawAuthority()))
          .forEach(hosts::add);
    }
    return new RunningImages(names.name(), names.namespace(), hosts, counts);
  }

  boolean areIn(Pod pod) {
    return Pods.isActive(pod) && !isOwn(pod) && images(pod).anyMatch(this::isOurs);
  }

  private boolean isOwn(Pod pod) {
    return namespace.equals(pod.getMetadata().getNamespace())
        && registry.equals(Labels.registryOf(pod));
  }

  private static Stream<String> images(Pod pod) {
    return Stream.of(
            pod.getSpec().getContainers().stream().map(Container::getImage),
            pod.getSpec().getInitContainers().stream().map(Container::getImage),
            pod.getSpec().getEphemeralContainers().stream().map(EphemeralContainer::getImage),
            pod.getSpec().getVolumes().stream()
                .map(Volume::getImage)
                .filter(Objects::nonNull)
                .map(ImageVolumeSource::getReference))
        .flatMap(images -> images)
        .filter(image -> image != null);
  }

  private boolean isOurs(String image) {
    return ImageReference.of(image).host().filter(hosts::contains).isPresent()
        && counts.test(repository(image));
  }

  /** Without host, tag and digest. */
  private static String repository(String image) {
    return image.substring(image.indexOf('/') + 1).replaceFirst("[:@].*$", "");
  }
}
