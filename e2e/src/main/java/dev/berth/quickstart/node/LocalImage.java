package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.Container;
import java.nio.file.Path;
import java.util.List;

/** What this machine runs in the place of an image. */
@FunctionalInterface
public interface LocalImage {

  /**
   * The command line that stands for the image's entry point; the container's args follow it.
   *
   * @param temporary the folder that plays the container's {@code /tmp}
   */
  List<String> entrypoint(Container container, Path temporary);

  /**
   * The last part of an image's repository: {@code berth-registry} of {@code
   * host/a/berth-registry:1@sha256:…}.
   */
  static String nameOf(String image) {
    String name = image;
    int digest = name.indexOf('@');
    if (digest >= 0) {
      name = name.substring(0, digest);
    }
    name = name.substring(name.lastIndexOf('/') + 1);
    int tag = name.indexOf(':');
    return tag >= 0 ? name.substring(0, tag) : name;
  }
}
