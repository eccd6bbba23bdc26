package dev.berth.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.tls.Authorities.Announced;
import dev.berth.operator.tls.Authorities.Stable;
import dev.berth.operator.tls.Authorities.Switched;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One step of the rotation at a time. */
class CaRotationTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final String NAME = "Berth registries/main";
  private static final Duration HOUR = Duration.ofHours(1);

  private final KeyPairPem old = issuer(NOW).authority(NAME, CaRotation.VALIDITY);
  private final KeyPairPem next = issuer(NOW).authority(NAME, CaRotation.VALIDITY);
  private final Instant due = NOW.plus(Duration.ofDays(2434));

  @Test
  void nothingHappensBeforeTwoThirdsOfTheAuthoritysLife() {
    // Given
    Stable stable = new Stable(old);

    // When, Then
    assertThat(step(due.minus(Duration.ofDays(2)), stable, null, true)).isSameAs(stable);
    assertThat(step(due, stable, null, true)).isInstanceOf(Announced.class);
  }

  @Test
  void anOrderAnnouncesTheNextAuthorityAtOnceAndTheOldOneStillSigns() {
    // When
    Authorities ordered =
        rotation(NOW).next(NAME, new Stable(old), new CaRotation.Seen(null, true), true);

    // Then
    assertThat(ordered.signing()).isEqualTo(old);
    assertThat(ordered.bundle()).startsWith(old.certificate()).isNotEqualTo(old.certificate());
  }

  @Test
  void thePeriodOfTrustBeginsOnlyWhenTheBundleIsPublished() {
    // Given
    Announced announced = new Announced(old, next, null);

    // When, Then
    assertThat(step(NOW.plus(HOUR.multipliedBy(100)), announced, old.certificate(), true))
        .isSameAs(announced);
    assertThat(step(NOW.plus(HOUR), announced, announced.bundle(), true))
        .isEqualTo(new Announced(old, next, NOW.plus(HOUR)));
  }

  @Test
  void theNewAuthoritySignsAfterThePeriodOfTrustAndTheBundleStays() {
    // Given
    Announced announced = new Announced(old, next, NOW);
    Instant over = NOW.plus(CaRotation.TRUST_PERIOD);

    // When
    Authorities switched = step(over, announced, announced.bundle(), false);

    // Then
    assertThat(step(over.minusSeconds(1), announced, announced.bundle(), true)).isSameAs(announced);
    assertThat(switched).isEqualTo(new Switched(next, old.certificate(), over));
    assertThat(switched.bundle()).isEqualTo(announced.bundle());
  }

  @Test
  void theOldOneStaysWhileAReplicaUsesItAndForAPeriodAfterTheSwitch() {
    // Given
    Switched switched = new Switched(next, old.certificate(), NOW);
    Instant over = NOW.plus(CaRotation.TRUST_PERIOD);

    // When, Then
    assertThat(step(over.minusSeconds(1), switched, null, true)).isSameAs(switched);
    assertThat(step(over.plus(HOUR), switched, null, false)).isSameAs(switched);
    assertThat(step(over, switched, null, true)).isEqualTo(new Stable(next));
  }

  @Test
  void theOldOneGoesWhenEverythingThatItSignedHasEndedWhateverIsSeen() {
    // Given
    Switched switched = new Switched(next, old.certificate(), NOW);
    Instant ended = NOW.plus(ServerCertificate.VALIDITY);

    // When, Then
    assertThat(step(ended.minusSeconds(1), switched, null, false)).isSameAs(switched);
    assertThat(step(ended, switched, null, false)).isEqualTo(new Stable(next));
  }

  @Test
  void anAuthorityThatHasEndedIsReplacedWithoutWaiting() {
    // Given
    Instant after = NOW.plus(CaRotation.VALIDITY).plusSeconds(1);
    KeyPairPem young = issuer(after.minus(HOUR)).authority(NAME, CaRotation.VALIDITY);

    // When
    Authorities replaced = step(after, new Stable(old), null, false);

    // Then
    assertThat(replaced).isInstanceOf(Switched.class);
    assertThat(replaced.signing()).isNotEqualTo(old);
    assertThat(replaced.bundle()).startsWith(old.certificate());
    assertThat(step(after, new Announced(old, young, null), null, false).signing())
        .as("the one that some may trust already")
        .isEqualTo(young);
  }

  @Test
  void anAuthorityAboutToEndDoesNotWaitForTrust() {
    // Given
    Instant end = NOW.plus(CaRotation.VALIDITY);
    KeyPairPem young = issuer(end.minus(HOUR)).authority(NAME, CaRotation.VALIDITY);
    Announced announced = new Announced(old, young, null);

    // When, Then
    assertThat(step(end.minus(HOUR).minusSeconds(1), announced, null, true)).isSameAs(announced);
    assertThat(step(end.minus(HOUR), announced, null, true).signing()).isEqualTo(young);
  }

  @Test
  void aClockThatWasAheadLeavesNothingBehind() {
    // Given
    Instant ahead = NOW.plus(Duration.ofDays(1000));
    KeyPairPem future = issuer(ahead).authority(NAME, CaRotation.VALIDITY);
    Announced waiting = new Announced(old, next, ahead);
    Switched switched = new Switched(next, old.certificate(), Instant.MAX);

    // When, Then
    assertThat(step(NOW, new Stable(future), null, true).signing()).isNotEqualTo(future);
    assertThat(step(NOW, new Announced(old, future, ahead), null, true)).isEqualTo(new Stable(old));
    assertThat(step(NOW, waiting, waiting.bundle(), true)).isEqualTo(new Announced(old, next, NOW));
    assertThat(step(NOW, switched, null, true))
        .isEqualTo(new Switched(next, old.certificate(), NOW));
  }

  @Test
  void aClockThatWasSomeHoursAheadCostsNoAuthority() {
    // Given
    Stable made =
        new Stable(issuer(NOW.plus(HOUR.multipliedBy(6))).authority(NAME, CaRotation.VALIDITY));

    // When, Then
    assertThat(step(NOW, made, null, true)).isSameAs(made);
  }

  @Test
  void noKeyIsInItsText() {
    assertThat(
            new Stable(old)
                + ""
                + new Announced(old, next, NOW)
                + new Switched(next, old.certificate(), NOW))
        .doesNotContain("-----BEGIN");
  }

  private static Authorities step(
      Instant now, Authorities kept, @Nullable String published, boolean replaced) {
    return rotation(now).next(NAME, kept, new CaRotation.Seen(published, replaced), false);
  }

  private static CaRotation rotation(Instant now) {
    return new CaRotation(issuer(now), Clock.fixed(now, ZoneOffset.UTC));
  }

  private static CertificateIssuer issuer(Instant now) {
    return new CertificateIssuer(Clock.fixed(now, ZoneOffset.UTC));
  }
}
