package dev.berth.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the certificate at hand no longer serves. */
class ServerCertificateTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final List<String> HOSTS =
      List.of(
          "main.registries.svc",
          "Registry.Example.com",
          "10.0.0.1",
          "2001:DB8::1",
          "::ffff:1.2.3.4",
          "1.2");

  private final KeyPairPem authority = issuer(NOW).authority("Berth", Duration.ofDays(3650));

  @Test
  void itIsKeptWhileItServesWhateverTheHostsAreWrittenLike() throws Exception {
    // Given
    KeyPairPem issued = current(NOW, null, HOSTS);

    // When, Then
    assertThat(current(NOW.plus(Duration.ofDays(59)), issued, HOSTS)).isSameAs(issued);
    assertThat(current(NOW, issued, HOSTS.reversed())).isSameAs(issued);
  }

  @Test
  void anAddressIsCoveredHoweverItIsSpelled() throws Exception {
    // Given
    List<String> hosts = List.of("2001:db8::1", "10.0.0.1", "Registry.example.com");

    // When
    CertificateFacts facts = CertificateFacts.of(current(NOW, null, hosts));

    // Then
    assertThat(facts.missing(hosts)).isEmpty();
    assertThat(facts.missing(List.of("2001:DB8:0::1", "2001:db8::2")))
        .containsExactly("2001:db8::2");
  }

  @Test
  void itIsRenewedAfterTwoThirdsOfItsLife() throws Exception {
    // Given
    KeyPairPem issued = current(NOW, null, HOSTS);
    Instant due = ServerCertificate.renewsAt(CertificateFacts.of(issued));

    // When
    KeyPairPem renewed = current(due, issued, HOSTS);

    // Then
    assertThat(due).isBetween(NOW.plus(Duration.ofDays(59)), NOW.plus(Duration.ofDays(60)));
    assertThat(current(due.minusSeconds(1), issued, HOSTS)).isSameAs(issued);
    assertThat(renewed).isNotSameAs(issued);
    assertThat(CertificateFacts.of(renewed).notAfter())
        .isAfter(CertificateFacts.of(issued).notAfter());
    assertThat(CertificateFacts.signedBy(renewed, authority)).isTrue();
  }

  @Test
  void oneThatAClockInTheFutureIssuedIsReplacedOnceTheClockIsRight() throws Exception {
    // Given
    KeyPairPem future = current(NOW.plus(Duration.ofDays(400)), null, HOSTS);

    // When
    KeyPairPem issued = current(NOW, future, HOSTS);

    // Then
    assertThat(issued).isNotSameAs(future);
    assertThat(CertificateFacts.of(issued).notBefore()).isBefore(NOW);
  }

  @Test
  void anotherAuthorityAnotherHostOrAnotherKeyTakesANewOne() throws Exception {
    // Given
    KeyPairPem issued = current(NOW, null, HOSTS);
    KeyPairPem other = current(NOW, null, HOSTS);

    // When, Then
    assertThat(current(NOW, issued, List.of("main.registries.svc"))).isNotSameAs(issued);
    assertThat(
            new ServerCertificate(issuer(NOW), clock(NOW))
                .current(issuer(NOW).authority("Berth", Duration.ofDays(1)), issued, HOSTS, null))
        .isNotSameAs(issued);
    KeyPairPem mixed = new KeyPairPem(issued.certificate(), other.key());
    assertThat(current(NOW, mixed, HOSTS)).isNotSameAs(mixed);
    KeyPairPem damaged = new KeyPairPem("nonsense", issued.key());
    assertThat(current(NOW, damaged, HOSTS)).isNotSameAs(damaged);
  }

  @Test
  void aWildcardStandsForOneLabel() throws Exception {
    // Given
    CertificateFacts facts =
        CertificateFacts.of(
            issuer(NOW).issue(authority, List.of("*.example.com"), Duration.ofDays(1)));

    // When, Then
    assertThat(facts.missing(List.of("A.example.com", "a.b.example.com", "example.com")))
        .containsExactly("a.b.example.com", "example.com");
  }

  @Test
  void aNameLongerThanACommonNameMayBeIsCut() throws Exception {
    // When
    KeyPairPem long1 = issuer(NOW).authority("Berth " + "n".repeat(110), Duration.ofDays(1));

    // Then
    String subject =
        Pem.certificates(long1.certificate()).getFirst().getSubjectX500Principal().getName();
    assertThat(subject).contains("CN=Berth " + "n".repeat(58)).doesNotContain("n".repeat(59));
  }

  private KeyPairPem current(Instant now, @Nullable KeyPairPem kept, List<String> hosts)
      throws CertificateException {
    return new ServerCertificate(issuer(now), clock(now)).current(authority, kept, hosts, null);
  }

  private static CertificateIssuer issuer(Instant now) {
    return new CertificateIssuer(clock(now));
  }

  private static Clock clock(Instant now) {
    return Clock.fixed(now, ZoneOffset.UTC);
  }
}
