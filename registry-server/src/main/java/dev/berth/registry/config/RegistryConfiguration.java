package dev.berth.registry.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * registry.yaml. Every path is relative to the working directory.
 *
 * @param management null: no management port
 * @param policy null: nobody may do anything
 */
public record RegistryConfiguration(
    Http http,
    @Nullable Management management,
    Storage storage,
    Metadata metadata,
    Authentication authentication,
    @Nullable Policy policy,
    Limits limits,
    GarbageCollection garbageCollection,
    Logging logging) {

  /** Whether a local port is the management port. */
  public boolean isManagement(int port) {
    return management != null && management.port() == port;
  }

  /** Whether one of the ports takes TLS. */
  public boolean hasTls() {
    return http.tls() != null || (management != null && management.tls() != null);
  }

  /**
   * The port that clients use.
   *
   * @param hosts names of this registry, each with a port unless it is the scheme's own; the first
   *     is canonical
   * @param tls null: plain HTTP
   */
  public record Http(String address, int port, List<String> hosts, @Nullable Tls tls) {}

  /**
   * Where the operator, the kubelet and Prometheus ask.
   *
   * @param tls null: plain HTTP
   * @param tokenFile null: whatever needs the token is refused
   */
  public record Management(String address, int port, @Nullable Tls tls, @Nullable Path tokenFile) {}

  /** PEM files, read again when they change. */
  public record Tls(Path certificate, Path key) {}

  /** Where blobs lie. */
  public record Storage(Filesystem filesystem) {}

  /** A folder laid out as CNCF distribution lays it out. */
  public record Filesystem(Path path) {}

  /** Where metadata lies. */
  public record Metadata(Embedded embedded) {}

  /** An SQLite file. */
  public record Embedded(Path path) {}

  /**
   * How callers prove who they are.
   *
   * @param signingKeyFile EC P-256 private key, PKCS#8 PEM; null: made anew at every start
   * @param htpasswd null: there are no users in a file
   * @param pullSecretKeyFile base64 of what the passwords of pull secrets follow from; null: there
   *     are none
   * @param oidc issuers whose tokens are passwords
   * @param ldap null: there are no users in a directory
   */
  public record Authentication(
      @Nullable Path signingKeyFile,
      @Nullable Htpasswd htpasswd,
      @Nullable Path pullSecretKeyFile,
      List<Oidc> oidc,
      @Nullable Ldap ldap,
      Duration tokenLifetime) {}

  /**
   * Bcrypt lines, read again when the file changes.
   *
   * @param optional whether the server starts without users while the file cannot be used
   */
  public record Htpasswd(Path file, boolean optional) {}

  /**
   * An OpenID Connect issuer.
   *
   * @param audience that a token must be made for
   * @param requiredClaims without whose values a token is refused
   * @param caFile PEM, who vouches for the issuer's server; null: the Java runtime's authorities
   */
  public record Oidc(
      String issuer,
      String audience,
      String usernameClaim,
      String groupsClaim,
      List<RequiredClaim> requiredClaims,
      @Nullable Path caFile) {}

  /** What a claim must be, or contain where it is a list. */
  public record RequiredClaim(String claim, String value) {}

  /**
   * A directory.
   *
   * @param url {@code ldaps://}, or {@code ldap://} with StartTLS
   * @param userAttribute whose value is the name of a user
   * @param groupSearchBase null: groups are those of the user's {@code memberOf}
   * @param bind null: users are searched anonymously
   * @param caFile PEM, who vouches for the server; null: the Java runtime's authorities
   */
  public record Ldap(
      String url,
      String userSearchBase,
      String userAttribute,
      @Nullable String groupSearchBase,
      @Nullable Bind bind,
      @Nullable Path caFile) {}

  /** The account that searches, read again when the files change. */
  public record Bind(Path dnFile, Path passwordFile) {}

  /** A policy document, gzipped or not, read again when the file changes. */
  public record Policy(Path file) {}

  /**
   * What a client may send or ask for.
   *
   * @param manifestBytes size of a manifest
   * @param blobBytes size of a blob
   * @param descriptors in one manifest
   * @param nesting how many manifests deep an index may be; an image is one
   * @param pageSize entries of a listing
   * @param uploads that one caller may leave unfinished
   * @param idleTimeout a connection that sends and receives nothing for this long is closed
   */
  public record Limits(
      int manifestBytes,
      long blobBytes,
      int descriptors,
      int nesting,
      int pageSize,
      int uploads,
      Duration idleTimeout,
      Connections connections,
      Requests requests,
      WrongPasswords wrongPasswords) {}

  /**
   * What the connections of clients may hold.
   *
   * @param most at once
   * @param bodies that are received at once
   * @param headerTimeout how long the line and the headers of a request may take
   * @param slowestBytesPerSecond what a body or an answer must bring, on average over the time
   *     after which an idle connection is closed
   */
  public record Connections(
      int most, int bodies, Duration headerTimeout, long slowestBytesPerSecond) {}

  /**
   * How often one user, or one address without credentials, may ask.
   *
   * @param perSecond zero: as often as it likes
   * @param burst how many may come at once after a pause
   */
  public record Requests(int perSecond, int burst) {}

  /**
   * How many wrong passwords one address may send, and may be sent for one name.
   *
   * @param burst how many may come at once
   */
  public record WrongPasswords(int perMinute, int burst) {}

  /**
   * When space is taken back.
   *
   * @param gracePeriod what nothing refers to lives at least this long
   * @param undoWindow how long it can be restored after that
   * @param uploadExpiry an upload that nobody goes on with for this long is dropped
   * @param interval between two runs
   */
  public record GarbageCollection(
      Duration gracePeriod, Duration undoWindow, Duration uploadExpiry, Duration interval) {}

  /**
   * What is written to standard output.
   *
   * @param audit whether every decision that changes or refuses something is
   */
  public record Logging(Level level, Format format, boolean audit) {}

  /** The least severe that is logged. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** Of a log line. */
  public enum Format {
    JSON,
    TEXT
  }
}
