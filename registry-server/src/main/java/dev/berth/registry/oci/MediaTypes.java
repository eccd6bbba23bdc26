package dev.berth.registry.oci;

import java.util.Locale;
import java.util.Set;

/** The media types of manifests that can be stored. */
public final class MediaTypes {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  private static final Set<String> IMAGES = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);
  private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);
  private static final Set<String> FOREIGN =
      Set.of(
          "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
          "application/vnd.oci.image.layer.nondistributable.v1.tar",
          "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
          "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd");

  private MediaTypes() {}

  /** The type of a Content-Type header without its parameters, in lower case. */
  public static String essence(String contentType) {
    int semicolon = contentType.indexOf(';');
    return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  public static boolean isManifest(String mediaType) {
    return IMAGES.contains(mediaType) || INDEXES.contains(mediaType);
  }

  static boolean isIndex(String mediaType) {
    return INDEXES.contains(mediaType);
  }

  /** Whether blobs of this type stay where their publisher serves them and need not be pushed. */
  static boolean isForeign(String mediaType) {
    return FOREIGN.contains(mediaType);
  }
}
