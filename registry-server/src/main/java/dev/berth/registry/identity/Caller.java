package dev.berth.registry.identity;

import dev.berth.policy.PullCredential;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever sent a request, as its credentials showed.
 *
 * @param name of a user; {@code namespace/name} of a ServiceAccount; {@code namespace/name} of the
 *     AccessPolicy and the namespace of the copy, for a pull secret; empty for nobody
 * @param groups that a user is in
 * @param issuer what vouches for the name: {@code htpasswd}, {@code ldap}, {@code policy}, or the
 *     URL of an issuer of tokens; empty for nobody
 * @param incarnation which of the objects that had this name over time it is, where one can be made
 *     anew: the uid of a ServiceAccount, or the uid and generation of a pull secret; else empty
 * @param until when what proved it ends, where that is known: nothing that is given for it lasts
 *     longer
 */
public record Caller(
    Kind kind,
    String name,
    Set<String> groups,
    String issuer,
    String incarnation,
    @Nullable Instant until) {
  private static final int NETWORK_BYTES = Long.BYTES;
  private static final String PULL_SECRETS = "policy";

  public static final Caller ANONYMOUS = new Caller(Kind.ANONYMOUS, "", Set.of(), "", "", null);

  /** The request attribute that holds the caller once it is known. */
  public static final String ATTRIBUTE = "berth.caller";

  /** What a name is the name of. */
  public enum Kind {
    ANONYMOUS("Anonymous"),
    USER("User"),
    SERVICE_ACCOUNT("ServiceAccount"),
    PULL_SECRET("PullSecret");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As logs and tokens write it. */
    public String word() {
      return word;
    }
  }

  public Caller {
    groups = Set.copyOf(groups);
  }

  /** A user, by whatever vouches for it. */
  public static Caller user(String name, Set<String> groups, String issuer) {
    return new Caller(Kind.USER, name, groups, issuer, "", null);
  }

  /** A ServiceAccount of the cluster. */
  public static Caller serviceAccount(String namespace, String name, String uid, String issuer) {
    return new Caller(Kind.SERVICE_ACCOUNT, namespace + '/' + name, Set.of(), issuer, uid, null);
  }

  /**
   * Whoever has the copy of a pull secret.
   *
   * @param uid of the AccessPolicy
   */
  public static Caller pullSecret(PullCredential credential, String uid, long generation) {
    return new Caller(
        Kind.PULL_SECRET,
        credential.policy() + '/' + credential.namespace(),
        Set.of(),
        PULL_SECRETS,
        uid + '/' + generation,
        null);
  }

  /** The same, proven by what ends then. */
  public Caller until(Instant end) {
    return new Caller(kind, name, groups, issuer, incarnation, end);
  }

  /** The same, in other groups. */
  public Caller withGroups(Set<String> others) {
    return new Caller(kind, name, others, issuer, incarnation, until);
  }

  public boolean isAnonymous() {
    return kind == Kind.ANONYMOUS;
  }

  /** What the name begins with, up to its last slash; not of a user. */
  public String owner() {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  /** What of the name follows its last slash; not of a user. */
  public String last() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** For messages. */
  public String called() {
    return switch (kind) {
      case ANONYMOUS -> "callers without credentials";
      case USER -> name;
      case SERVICE_ACCOUNT -> "the ServiceAccount " + name;
      case PULL_SECRET -> "the pull secret of AccessPolicy " + owner();
    };
  }

  /**
   * Whom limits count for: one with credentials by its name, everybody else by the address that the
   * connection comes from.
   */
  public String principal(InetSocketAddress remote) {
    return isAnonymous() ? origin(remote) : kind.word + ' ' + name;
  }

  /**
   * Where a connection comes from: its address, of IPv6 its network, for whoever has one such
   * address has all of them.
   */
  static String origin(InetSocketAddress remote) {
    InetAddress address = remote.getAddress();
    return address instanceof Inet6Address
        ? "network " + HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES)
        : "address " + address.getHostAddress();
  }
}
