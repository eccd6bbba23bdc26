package dev.berth.quickstart.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a {@link LocalNode} is given.
 *
 * @param state the folder for volumes, pods, logs and process ids
 * @param images what runs in the place of an image, by the last part of the image's repository
 * @param podRange the first two numbers of the loopback range for pods, as in {@code 127.77}
 * @param serviceRange the same for Services
 * @param resync how often every object is looked at again without an event
 * @param firstBackOff the wait before the second restart of a container; doubles from then on
 * @param longestBackOff where the doubling ends
 */
public record NodeOptions(
    Path state,
    Map<String, LocalImage> images,
    String podRange,
    String serviceRange,
    Duration resync,
    Duration firstBackOff,
    Duration longestBackOff) {

  /** The name of the one Node. */
  public static final String NODE_NAME = "local";

  public NodeOptions {
    state = state.toAbsolutePath().normalize();
    images = Map.copyOf(images);
  }

  /** The defaults: ranges 127.77/16 and 127.96/16, a look at everything every 30 s. */
  public static NodeOptions in(Path state, Map<String, LocalImage> images) {
    return new NodeOptions(
        state,
        images,
        "127.77",
        "127.96",
        Duration.ofSeconds(30),
        Duration.ofSeconds(1),
        Duration.ofMinutes(5));
  }

  /** The same with other restart waits. */
  public NodeOptions withBackOff(Duration first, Duration longest) {
    return new NodeOptions(state, images, podRange, serviceRange, resync, first, longest);
  }

  /** The same with other loopback ranges, so that two nodes can share a machine. */
  public NodeOptions withRanges(String pods, String services) {
    return new NodeOptions(state, images, pods, services, resync, firstBackOff, longestBackOff);
  }

  Path podDirectory(String uid) {
    return state.resolve("pods").resolve(PathRules.segment(uid));
  }

  Path logFile(String namespace, String pod, String container) {
    return state
        .resolve("logs")
        .resolve(
            PathRules.segment(namespace)
                + "_"
                + PathRules.segment(pod)
                + "_"
                + PathRules.segment(container)
                + ".log");
  }

  Path claimDirectory(String namespace, String uid) {
    return state
        .resolve("volumes")
        .resolve(PathRules.segment(namespace))
        .resolve(PathRules.segment(uid));
  }

  Path processDirectory() {
    return state.resolve("processes");
  }
}
