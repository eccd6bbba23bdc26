package dev.berth.registry.blob;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/**
 * The hashes of uploads between their requests, so that the last one need not read everything
 * again. Only a short cut: what is missing, after a restart or on another replica, is computed from
 * the bytes.
 */
public final class RunningHashes {
  private static final int MAX_UPLOADS = 10_000;
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final Cache<String, Running> running =
      Caffeine.newBuilder().maximumSize(MAX_UPLOADS).expireAfterWrite(IDLE).build();

  private record Running(MessageDigest hasher, long length) {}

  public void keep(String upload, MessageDigest hasher, long length) {
    running.put(upload, new Running(hasher, length));
  }

  /** Takes the hash of exactly this many bytes, so that no one else goes on with it. */
  public Optional<MessageDigest> take(String upload, long length) {
    return Optional.ofNullable(running.asMap().remove(upload))
        .filter(kept -> kept.length() == length)
        .map(Running::hasher);
  }
}
