package dev.berth.registry.quota;

import dev.berth.registry.metadata.Room;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What may be pushed to one repository.
 *
 * @param source what lays the limits down, for messages
 * @param room what is compared where something is added
 * @param manifestBytes of one manifest; null: no limit but the server's
 */
public record Allowance(String source, Room room, @Nullable Long manifestBytes) {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  /**
   * Lets a manifest pass that is not too large.
   *
   * @param size in bytes; below zero: it is not known yet
   * @throws OciException DENIED
   */
  public void requireManifest(long size) {
    if (manifestBytes != null && size > manifestBytes) {
      throw denied(
          "the manifest has %s, and quota.manifestSize of %s is %s: make it smaller, or ask for more"
              .formatted(readable(size), source, readable(manifestBytes)));
    }
  }

  /** The refusal of what did not fit. */
  public OciException refusal(Room.ExceededException problem) {
    return refusal(problem.limit(), problem.wanted());
  }

  /**
   * The refusal of what does not fit.
   *
   * @param wanted what there would be
   */
  OciException refusal(Room.Limit limit, long wanted) {
    Room.Held held = room.held();
    return denied(
        switch (limit) {
          case STORED ->
              "the registry would store %s, and quota.storage of the Registry is %s: delete images, or ask for more"
                  .formatted(readable(wanted), readable(orNothing(room.stored())));
          case HELD ->
              "there would be %s, and quota.storage of %s is %s: delete images, or ask for more"
                  .formatted(readable(wanted), source, readable(held == null ? 0 : held.bytes()));
          case TAGS ->
              "there would be %d tags, and quota.tags of %s is %d: delete some, or ask for more"
                  .formatted(wanted, source, room.tags());
          case IMAGE ->
              "the image has %s with all that it refers to, and quota.imageSize of %s is %s: make it smaller, or ask for more"
                  .formatted(readable(wanted), source, readable(orNothing(room.image())));
        });
  }

  private static long orNothing(@Nullable Long bytes) {
    return bytes == null ? 0 : bytes;
  }

  private static OciException denied(String message) {
    return new OciException(ErrorCode.DENIED, message);
  }

  static String readable(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String digits = String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", value);
    return digits.replaceFirst("\\.0$", "") + ' ' + UNITS[unit];
  }
}
