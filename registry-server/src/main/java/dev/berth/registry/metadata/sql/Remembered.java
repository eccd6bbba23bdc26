package dev.berth.registry.metadata.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.registry.oci.RepositoryName;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What the database said of a repository, good until the repository is written to. For a database
 * that no other process writes. That there is nothing is never remembered: names are endless.
 */
final class Remembered<K, V> {
  private static final int MOST = 10_000;

  private record Answer<V>(V value, long writes) {}

  private final Writes writes;
  private final Cache<K, Answer<V>> answers;

  Remembered(Writes writes) {
    this(writes, MOST, _ -> 1);
  }

  /**
   * For answers that differ in size.
   *
   * @param most weight of all that is remembered
   */
  Remembered(Writes writes, long most, ToIntFunction<V> weight) {
    this.writes = writes;
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(most)
            .weigher((K _, Answer<V> answer) -> weight.applyAsInt(answer.value()))
            .build();
  }

  Optional<V> find(RepositoryName repository, K key, Supplier<Optional<V>> database) {
    // Read before the database is: an answer that a write overtakes is never given again.
    long now = writes.of(repository);
    Answer<V> known = answers.getIfPresent(key);
    if (known != null && known.writes() == now) {
      return Optional.of(known.value());
    }
    Optional<V> found = database.get();
    found.ifPresent(value -> answers.put(key, new Answer<>(value, now)));
    return found;
  }

  /** How often repositories were written to, for all that is remembered of the same tables. */
  static final class Writes {
    /** Repositories share them: a write to one makes some others ask again. */
    private static final int COUNTERS = 1024;

    private final AtomicLongArray counters = new AtomicLongArray(COUNTERS);

    /** To be called once a write is committed, before its client hears of it. */
    void written(RepositoryName repository) {
      counters.incrementAndGet(counter(repository));
    }

    private long of(RepositoryName repository) {
      return counters.get(counter(repository));
    }

    private static int counter(RepositoryName repository) {
      return Math.floorMod(repository.hashCode(), COUNTERS);
    }
  }
}
