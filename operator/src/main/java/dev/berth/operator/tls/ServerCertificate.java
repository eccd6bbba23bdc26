package dev.berth.operator.tls;

import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that a registry's own authority issues: decides when the one at hand no longer
 * serves.
 */
public final class ServerCertificate {

  /** How long one is valid, unless its authority ends before. */
  static final Duration VALIDITY = Duration.ofDays(90);

  private final CertificateIssuer issuer;
  private final Clock clock;

  public ServerCertificate(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * The current certificate as long as it is the authority's, names exactly the hosts, is not due
   * for renewal and may stay; else a new one.
   *
   * @param hosts DNS names and IP addresses
   * @param unwanted fingerprint of one that is not kept; null: none
   */
  public KeyPairPem current(
      KeyPairPem authority,
      @Nullable KeyPairPem current,
      Collection<String> hosts,
      @Nullable String unwanted)
      throws CertificateException {
    Set<String> names =
        hosts.stream()
            .map(ServerCertificate::canonical)
            .collect(Collectors.toCollection(TreeSet::new));
    return current != null && serves(authority, current, names, unwanted)
        ? current
        : issuer.issue(authority, names, validity(authority));
  }

  /** What outlives its authority is trusted by nobody, and would not be renewed in time. */
  private Duration validity(KeyPairPem authority) throws CertificateException {
    Duration left = Duration.between(clock.instant(), CertificateFacts.of(authority).notAfter());
    return left.compareTo(VALIDITY) < 0 ? left : VALIDITY;
  }

  /** When a certificate is due for renewal: after two thirds of its life. */
  public static Instant renewsAt(CertificateFacts facts) {
    return facts
        .notBefore()
        .plus(Duration.between(facts.notBefore(), facts.notAfter()).multipliedBy(2).dividedBy(3));
  }

  private boolean serves(
      KeyPairPem authority, KeyPairPem current, Set<String> names, @Nullable String unwanted) {
    try {
      CertificateFacts facts = CertificateFacts.of(current);
      return facts.names().equals(names)
          && issuer.isValidNow(current)
          && clock.instant().isBefore(renewsAt(facts))
          && !facts.fingerprint().equals(unwanted)
          && CertificateFacts.signedBy(current, authority);
    } catch (CertificateException e) {
      // Somebody put something else there: it is replaced.
      return false;
    }
  }

  /** As a certificate reads back: names in lower case, addresses written out. */
  static String canonical(String host) {
    return CertificateIssuer.isAddress(host)
        ? InetAddress.ofLiteral(host).getHostAddress()
        : host.toLowerCase(Locale.ROOT);
  }
}
