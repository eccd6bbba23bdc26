package dev.berth.registry.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever sent a request, as its credentials showed.
 *
 * @param name of the user; null for a caller without credentials
 */
public record Caller(@Nullable String name, Set<String> groups) {
  public static final Caller ANONYMOUS = new Caller(null, Set.of());

  /** The request attribute that holds the caller once it is known. */
  public static final String ATTRIBUTE = "berth.caller";

  public Caller {
    groups = Set.copyOf(groups);
  }

  public boolean isAnonymous() {
    return name == null;
  }
}
