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
  private static final Duration VALIDITY = Duration.ofDays(90);

  private final CertificateIssuer issuer;
  private final Clock clock;

  public ServerCertificate(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * The current certificate as long as it is the authority's, names exactly the hosts and is not
   * due for renewal; else a new one.
   *
   * @param hosts DNS names and IP addresses
   */
  public KeyPairPem current(
      KeyPairPem authority, @Nullable KeyPairPem current, Collection<String> hosts)
      throws CertificateException {
    Set<String> names =
        hosts.stream()
            .map(ServerCertificate::canonical)
            .collect(Collectors.toCollection(TreeSet::new));
    return current != null && serves(authority, current, names)
        ? current
        : issuer.issue(authority, names, VALIDITY);
  }

  /** When a certificate is due for renewal: after two thirds of its life. */
  public static Instant renewsAt(CertificateFacts facts) {
    return facts
        .notBefore()
        .plus(Duration.between(facts.notBefore(), facts.notAfter()).multipliedBy(2).dividedBy(3));
  }

  private boolean serves(KeyPairPem authority, KeyPairPem current, Set<String> names) {
    try {
      CertificateFacts facts = CertificateFacts.of(current);
      return facts.names().equals(names)
          && issuer.isValidNow(current)
          && clock.instant().isBefore(renewsAt(facts))
          && CertificateFacts.signedBy(current, authority);
    } catch (CertificateException e) {
      // Somebody put something else there: it is replaced.
      return false;
    }
  }

  /** As a certificate reads back: names in lower case, addresses written out. */
  private static String canonical(String host) {
    return CertificateIssuer.isAddress(host)
        ? InetAddress.ofLiteral(host).getHostAddress()
        : host.toLowerCase(Locale.ROOT);
  }
}
