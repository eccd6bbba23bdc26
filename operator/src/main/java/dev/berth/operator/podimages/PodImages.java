package dev.berth.operator.podimages;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.berth.operator.kubernetes.LeanMetadata;
import dev.berth.policy.Canary;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Pod, of which nothing is read but its images. Every one of the cluster is watched, and kept in
 * memory.
 */
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public final class PodImages implements HasMetadata, Namespaced {
  private static final long serialVersionUID = 1;

  private static final String CANARY = "/" + Canary.REPOSITORY + "@";

  private ObjectMeta metadata = new ObjectMeta();
  private final transient Set<RunningImage> images;

  /** Reads one. */
  @JsonCreator
  PodImages(
      @JsonProperty("metadata") @Nullable ObjectMeta metadata,
      @JsonProperty("spec") @Nullable Spec spec,
      @JsonProperty("status") @Nullable Status status) {
    if (metadata != null) {
      setMetadata(metadata);
    }
    images = images(spec, status);
  }

  /**
   * The digests of all of its containers, also of those that end before others begin, and of images
   * that it has as volumes.
   */
  @JsonIgnore
  public Set<RunningImage> images() {
    return images;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta full) {
    metadata = LeanMetadata.of(full);
  }

  /** It is what its annotations say. */
  @Override
  public void setApiVersion(String version) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Spec(
      @Nullable List<Container> containers,
      @Nullable List<Container> initContainers,
      @Nullable List<Container> ephemeralContainers,
      @Nullable List<Volume> volumes) {
    Stream<Container> all() {
      return Stream.concat(
          PodImages.all(containers, initContainers, ephemeralContainers),
          Stream.ofNullable(volumes).flatMap(List::stream).flatMap(Volume::image));
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Status(
      @Nullable List<Container> containerStatuses,
      @Nullable List<Container> initContainerStatuses,
      @Nullable List<Container> ephemeralContainerStatuses) {
    Stream<Container> all() {
      return PodImages.all(containerStatuses, initContainerStatuses, ephemeralContainerStatuses)
          .flatMap(Container::withVolumes);
    }
  }

  /** Of the spec or of the status; a name stands for one container, whatever its kind. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Container(
      @Nullable String name,
      @Nullable String image,
      @JsonProperty("imageID") @Nullable String imageId,
      @Nullable List<Mount> volumeMounts) {

    /** An image that is a volume, as if it were a container's. */
    static Container ofVolume(@Nullable String volume, @Nullable String image) {
      return new Container("volume " + volume, image, null, null);
    }

    /** A node says with the containers which image it mounted. */
    Stream<Container> withVolumes() {
      return Stream.concat(
          Stream.of(this),
          Stream.ofNullable(volumeMounts).flatMap(List::stream).flatMap(Mount::image));
    }

    /**
     * What nodes run to prove that they can pull is always stored anew, and needs no protection.
     */
    boolean isCanary() {
      return Stream.of("" + image, "" + imageId).anyMatch(text -> text.contains(CANARY));
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Volume(@Nullable String name, @JsonProperty("image") @Nullable Source source) {
    Stream<Container> image() {
      return Stream.ofNullable(source).map(image -> Container.ofVolume(name, image.reference()));
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Source(@Nullable String reference) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Mount(@Nullable String name, @JsonProperty("volumeStatus") @Nullable Mounted mounted) {
    Stream<Container> image() {
      return Stream.ofNullable(mounted)
          .flatMap(status -> Stream.ofNullable(status.image()))
          .map(image -> Container.ofVolume(name, image.imageRef()));
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Mounted(@Nullable MountedImage image) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record MountedImage(@Nullable String imageRef) {}

  @SafeVarargs
  private static Stream<Container> all(@Nullable List<Container>... kinds) {
    return Stream.of(kinds).filter(kind -> kind != null).flatMap(List::stream);
  }

  /** All that a Pod says of a container is said of one image. */
  private static Set<RunningImage> images(@Nullable Spec spec, @Nullable Status status) {
    Map<String, Set<String>> hosts = new HashMap<>();
    Map<String, Set<String>> digests = new HashMap<>();
    Stream.concat(
            spec == null ? Stream.of() : spec.all(), status == null ? Stream.of() : status.all())
        .filter(container -> !container.isCanary())
        .forEach(
            container ->
                Stream.of(container.image(), container.imageId())
                    .filter(text -> text != null)
                    .map(ImageReference::of)
                    .forEach(
                        reference -> {
                          String name = "" + container.name();
                          reference.host().ifPresent(host -> add(hosts, name, host));
                          reference.digest().ifPresent(digest -> add(digests, name, digest));
                        }));
    return digests.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(
                        digest ->
                            new RunningImage(digest, hosts.getOrDefault(entry.getKey(), Set.of()))))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void add(Map<String, Set<String>> sets, String key, String value) {
    sets.computeIfAbsent(key, none -> new HashSet<>()).add(value);
  }
}
