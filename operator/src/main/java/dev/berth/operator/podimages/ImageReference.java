package dev.berth.operator.podimages;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host and the digest in what a Pod says of an image: a name, or an id such as {@code
 * docker-pullable://host/name@sha256:…} or a digest alone.
 *
 * @param host in lower case, without the port of its scheme; empty: none is named
 * @param digest empty: none is named
 */
public record ImageReference(Optional<String> host, Optional<String> digest) {
  private static final Pattern SCHEME = Pattern.compile("^[a-z][a-z0-9+.-]*://");
  private static final Pattern DIGEST =
      Pattern.compile("(?:^|@)(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$");

  /** Longer than any name with a digest; whoever makes a Pod may write anything. */
  private static final int LONGEST = 1024;

  /** Reads one; of what is none, nothing is known. */
  public static ImageReference of(String text) {
    if (text.length() > LONGEST) {
      return new ImageReference(Optional.empty(), Optional.empty());
    }
    String name = SCHEME.matcher(text).replaceFirst("");
    Matcher digest = DIGEST.matcher(name);
    return new ImageReference(
        hostOf(name), digest.find() ? Optional.of(digest.group(1)) : Optional.empty());
  }

  /** What stands before the first slash is a host only where it looks like one. */
  private static Optional<String> hostOf(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    return first.contains(".") || first.contains(":") || first.equals("localhost")
        ? Optional.of(normal(first))
        : Optional.empty();
  }

  /** As hosts are compared. */
  public static String normal(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":(443|80)$", "");
  }
}
