package dev.berth.registry.metadata;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What may be added. It is compared within the transaction that adds, so that of many at once no
 * more pass than fit. Null: without a limit.
 *
 * @param stored bytes of the whole registry, each content counted once
 * @param held bytes of the repositories that count together
 * @param tags of the repository
 * @param image bytes of one manifest with everything that it refers to
 */
public record Room(
    @Nullable Long stored, @Nullable Held held, @Nullable Integer tags, @Nullable Long image) {

  /** Without any limit. */
  public static final Room UNLIMITED = new Room(null, null, null, null);

  /**
   * Repositories that count together.
   *
   * @param from the first name that may be one
   * @param to the last one, inclusive
   * @param counts whether a name between the two is one
   * @param bytes that all of them may hold, each content counted once for each of them
   */
  public record Held(String from, String to, Predicate<String> counts, long bytes) {}

  /** What a limit is of. */
  public enum Limit {
    STORED,
    HELD,
    TAGS,
    IMAGE
  }

  /** It does not fit; nothing was changed. */
  public static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Limit limit;
    private final long wanted;

    /**
     * An expected answer: nobody reads its stack.
     *
     * @param wanted what there would be
     */
    public ExceededException(Limit limit, long wanted) {
      super(limit + " would be " + wanted, null, false, false);
      this.limit = limit;
      this.wanted = wanted;
    }

    public Limit limit() {
      return limit;
    }

    public long wanted() {
      return wanted;
    }
  }
}
