package dev.berth.registry.retention.run;

import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.retention.Victim;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * All that goes, in eight bytes each: what was acknowledged is what goes, and nothing that came
 * later.
 */
final class VictimSet {
  private long[] hashes = new long[16];
  private int size;

  static VictimSet read(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    VictimSet set = new VictimSet();
    set.size = bytes.remaining() / Long.BYTES;
    set.hashes = new long[set.size];
    bytes.asLongBuffer().get(set.hashes);
    return set;
  }

  void add(RepositoryName repository, Victim victim) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
    }
    hashes[size++] = hash(repository, victim);
  }

  /** To be asked of one that was read, or written. */
  boolean contains(RepositoryName repository, Victim victim) {
    return Arrays.binarySearch(hashes, 0, size, hash(repository, victim)) >= 0;
  }

  private static long hash(RepositoryName repository, Victim victim) {
    String text = repository.value() + '\n' + victim.reference() + '\n' + victim.digest();
    MessageDigest hasher = DigestAlgorithm.SHA256.hasher();
    return ByteBuffer.wrap(hasher.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
  }

  /**
   * The same for the same victims, in whatever order they came, by the same rules at the same time:
   * what was restored is not deleted again by what acknowledged it before.
   */
  String revision(String rules, Instant at) {
    MessageDigest hasher = DigestAlgorithm.SHA256.hasher();
    hasher.update((rules + '\n' + at.toEpochMilli() + '\n').getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hasher.digest(bytes()), 0, 8);
  }

  String write() {
    return Base64.getEncoder().encodeToString(bytes());
  }

  private byte[] bytes() {
    Arrays.sort(hashes, 0, size);
    ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
    bytes.asLongBuffer().put(hashes, 0, size);
    return bytes.array();
  }
}
