package dev.berth.registry.content;

import dev.berth.registry.oci.Digest;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * Keeps the file of a push from being deleted between the moment in which it gets its name and the
 * commit of the row that names it. Many may store the same content at once; who erases it is alone.
 */
@Singleton
public final class DigestLocks {
  /** Digests share them. */
  private static final int LOCKS = 1024;

  private final List<ReadWriteLock> locks =
      IntStream.range(0, LOCKS).<ReadWriteLock>mapToObj(_ -> new ReentrantReadWriteLock()).toList();

  /** To be held from before the content is stored until the metadata names it. */
  public Held storing(Digest digest) {
    return new Held(List.of(locks.get(slot(digest)).readLock()));
  }

  /** To be held while it is looked at whether anything names these, and while they are erased. */
  public Held erasing(Collection<Digest> digests) {
    // In one order, so that no two wait for each other.
    return new Held(
        digests.stream()
            .map(DigestLocks::slot)
            .distinct()
            .sorted()
            .map(slot -> locks.get(slot).writeLock())
            .toList());
  }

  private static int slot(Digest digest) {
    return Math.floorMod(digest.hashCode(), LOCKS);
  }

  /** Locks that are held until this is closed, by the same thread. */
  public static final class Held implements AutoCloseable {
    private final List<Lock> taken = new ArrayList<>();

    private Held(List<Lock> locks) {
      for (Lock lock : locks) {
        lock.lock();
        taken.add(lock);
      }
    }

    @Override
    public void close() {
      taken.reversed().forEach(Lock::unlock);
    }
  }
}
