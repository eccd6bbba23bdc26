package dev.berth.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Bytes with their digest. */
final class Blob {

  private final byte[] content;
  private final String digest;

  private Blob(byte[] content) {
    this.content = content;
    this.digest = digest(sha256().digest(content));
  }

  static Blob of(String text) {
    return new Blob(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes that no registry has, and that nobody can compress. */
  static Blob random(RandomGenerator random, int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return new Blob(content);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The hash in the registry's notation. */
  static String digest(byte[] hash) {
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  byte[] content() {
    return content;
  }

  int size() {
    return content.length;
  }

  String digest() {
    return digest;
  }
}
