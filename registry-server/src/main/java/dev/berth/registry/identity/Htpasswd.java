package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bcrypt hash of every user of an htpasswd file. */
public record Htpasswd(Map<String, String> hashes) {
  /** The largest file that is read, in bytes. */
  public static final int MAX_FILE_BYTES = 8 << 20;

  /** Above this cost one guess would keep a core busy for seconds. */
  private static final int MAX_COST = 16;

  private static final int MIN_COST = 4;
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");

  public Htpasswd {
    hashes = Map.copyOf(hashes);
  }

  /**
   * Reads the one file.
   *
   * @throws IOException that names the first line that is wrong
   */
  public static Htpasswd read(List<byte[]> contents) throws IOException {
    Map<String, String> hashes = new HashMap<>();
    int number = 0;
    for (String line : text(contents.getFirst()).split("\n", -1)) {
      number++;
      String entry = line.strip();
      if (!entry.isEmpty() && !entry.startsWith("#")) {
        add(entry, number, hashes);
      }
    }
    return new Htpasswd(hashes);
  }

  private static void add(String entry, int line, Map<String, String> hashes) throws IOException {
    int colon = entry.indexOf(':');
    String name = colon < 0 ? "" : entry.substring(0, colon);
    if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IOException("line " + line + " must be NAME:HASH");
    }
    Matcher bcrypt = BCRYPT.matcher(entry.substring(colon + 1));
    if (!bcrypt.matches()) {
      throw new IOException(
          "line " + line + ": the password must be hashed with bcrypt, as htpasswd -B does");
    }
    int cost = Integer.parseInt(bcrypt.group(1));
    if (cost < MIN_COST || cost > MAX_COST) {
      throw new IOException(
          "line " + line + ": the bcrypt cost must be from " + MIN_COST + " to " + MAX_COST);
    }
    if (hashes.putIfAbsent(name, bcrypt.group()) != null) {
      throw new IOException(
          "line " + line + " has the name of an earlier line, remove one of them");
    }
  }

  private static String text(byte[] bytes) throws IOException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is not UTF-8 text", e);
    }
  }

  Optional<String> hash(String user) {
    return Optional.ofNullable(hashes.get(user));
  }

  /** A hash that no password is known for and that costs what those of the users cost at most. */
  String decoy() {
    String cost =
        hashes.values().stream()
            .map(hash -> hash.substring(4, 6))
            .max(String::compareTo)
            .orElse("10");
    return "$2y$" + cost + "$" + "abcdefghijklmnopqrstuu5xXgMzWWkH2vWY9ks0yLXXqxyzABCDE";
  }
}
