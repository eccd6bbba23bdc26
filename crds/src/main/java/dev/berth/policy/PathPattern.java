package dev.berth.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;

/**
 * A repository path ({@code team-a/app}), every path below a prefix ({@code team-a/**}, which does
 * not match {@code team-a} itself), or every path ({@code **}).
 */
public record PathPattern(@JsonValue String value) {

  /** Most specific first: an exact path, then the longest prefix. */
  public static final Comparator<PathPattern> MOST_SPECIFIC_FIRST =
      Comparator.comparing(PathPattern::isExact)
          .thenComparingInt(pattern -> pattern.value.length())
          .reversed();

  private static final String BELOW = "/**";
  private static final String EVERYTHING = "**";

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public PathPattern {
    requireNonNull(value, "path");
  }

  public boolean isExact() {
    return !value.equals(EVERYTHING) && !value.endsWith(BELOW);
  }

  public boolean matches(String path) {
    return isExact()
        ? value.equals(path)
        : path.length() > prefix().length() && path.startsWith(prefix());
  }

  /** Whether every path that {@code other} matches is matched by this pattern too. */
  public boolean covers(PathPattern other) {
    return isExact()
        ? value.equals(other.value)
        : other.isExact() ? matches(other.value) : other.prefix().startsWith(prefix());
  }

  /** What every matching path starts with: of an exact one all of it. */
  public String start() {
    return isExact() ? value : prefix();
  }

  /** The slash included; empty for {@code **}. */
  private String prefix() {
    return value.substring(0, value.length() - EVERYTHING.length());
  }
}
