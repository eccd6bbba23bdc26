package dev.berth.registry.identity;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever sent a request, as its credentials showed.
 *
 * @param name of the user; null for a caller without credentials
 */
public record Caller(@Nullable String name, Set<String> groups) {
  private static final int NETWORK_BYTES = Long.BYTES;

  public static final Caller ANONYMOUS = new Caller(null, Set.of());

  /** The request attribute that holds the caller once it is known. */
  public static final String ATTRIBUTE = "berth.caller";

  public Caller {
    groups = Set.copyOf(groups);
  }

  public boolean isAnonymous() {
    return name == null;
  }

  /**
   * Whom limits count for: a user by its name, everybody else by the address that the connection
   * comes from, of IPv6 by its network, for whoever has one such address has all of them.
   */
  public String principal(InetSocketAddress remote) {
    if (name != null) {
      return "user " + name;
    }
    InetAddress address = remote.getAddress();
    return address instanceof Inet6Address
        ? "network " + HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES)
        : "address " + address.getHostAddress();
  }
}
