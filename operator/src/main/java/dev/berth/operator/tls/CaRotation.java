package dev.berth.operator.tls;

import dev.berth.operator.tls.Authorities.Announced;
import dev.berth.operator.tls.Authorities.Stable;
import dev.berth.operator.tls.Authorities.Switched;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides, of what is kept and what was seen, how a registry's authorities are to be from now on:
 * one step of the rotation at most. A new authority is trusted before it signs, and the old one
 * stays trusted until nothing uses it.
 */
public final class CaRotation {

  /** How long an authority is valid; it is rotated after two thirds of it. */
  public static final Duration VALIDITY = Duration.ofDays(3650);

  /** How long what trusts the bundle has to take the new one, in each of the two directions. */
  public static final Duration TRUST_PERIOD = Duration.ofHours(24);

  /** An authority about to end no longer waits for anybody to trust the next. */
  private static final Duration LAST_MOMENT = Duration.ofHours(1);

  /**
   * What was seen of the cluster.
   *
   * @param published the bundle that clients are given; null: none
   * @param replaced whether every replica serves a certificate that the present authority signed
   */
  public record Seen(@Nullable String published, boolean replaced) {}

  private final CertificateIssuer issuer;
  private final Clock clock;

  public CaRotation(CertificateIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * What follows.
   *
   * @param name of the registry, for the name of a new authority
   * @param ordered whether a user asks for a rotation that is not under way yet
   */
  public Authorities next(String name, Authorities kept, Seen seen, boolean ordered) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (!issuer.isValidNow(kept.signing())) {
      // Nobody trusts it any more, so there is nothing to wait for.
      return new Switched(successor(name, kept), kept.signing().certificate(), now);
    }
    return switch (kept) {
      case Stable stable ->
          ordered || !now.isBefore(rotatesAt(stable))
              ? new Announced(stable.signing(), create(name), null)
              : stable;
      case Announced announced -> announced(announced, seen, now);
      case Switched switched -> switched(switched, seen, now);
    };
  }

  /** As it is while another one than the registry's authority issues: nobody relies on it. */
  public static Stable settled(Authorities kept) {
    return new Stable(kept.signing());
  }

  /** When the next phase begins at the earliest; empty while that depends on what is seen. */
  public static Optional<Instant> nextPhaseAt(Authorities authorities) {
    return switch (authorities) {
      case Stable stable -> Optional.of(rotatesAt(stable));
      case Announced announced ->
          announced.since() == null ? Optional.empty() : Optional.of(switchesAt(announced));
      case Switched switched -> Optional.of(switched.since().plus(TRUST_PERIOD));
    };
  }

  /** When the authority that signs ends. */
  public static Instant notAfter(Authorities authorities) {
    return facts(authorities.signing()).notAfter();
  }

  private Authorities announced(Announced kept, Seen seen, Instant now) {
    if (!issuer.isValidNow(kept.next())) {
      // Made by a clock that was wrong: it is announced again when it is time.
      return new Stable(kept.signing());
    }
    if (!now.isBefore(switchesAt(kept))) {
      return new Switched(kept.next(), kept.signing().certificate(), now);
    }
    boolean published = kept.bundle().equals(seen.published());
    boolean counts = kept.since() != null && !kept.since().isAfter(now);
    return published && !counts ? new Announced(kept.signing(), kept.next(), now) : kept;
  }

  private static Authorities switched(Switched kept, Seen seen, Instant now) {
    if (kept.since().isAfter(now)) {
      return new Switched(kept.signing(), kept.previous(), now);
    }
    boolean unused = seen.replaced() && !now.isBefore(kept.since().plus(TRUST_PERIOD));
    boolean ended = !now.isBefore(kept.since().plus(ServerCertificate.VALIDITY));
    return unused || ended ? new Stable(kept.signing()) : kept;
  }

  private KeyPairPem successor(String name, Authorities kept) {
    return kept instanceof Announced announced && issuer.isValidNow(announced.next())
        ? announced.next()
        : create(name);
  }

  private KeyPairPem create(String name) {
    return issuer.authority(name, VALIDITY);
  }

  private static Instant rotatesAt(Stable kept) {
    return ServerCertificate.renewsAt(facts(kept.signing()));
  }

  private static Instant switchesAt(Announced kept) {
    Instant last = facts(kept.signing()).notAfter().minus(LAST_MOMENT);
    Instant trusted = kept.since() == null ? last : kept.since().plus(TRUST_PERIOD);
    return trusted.isBefore(last) ? trusted : last;
  }

  private static CertificateFacts facts(KeyPairPem authority) {
    try {
      return CertificateFacts.of(authority);
    } catch (CertificateException e) {
      throw new IllegalStateException("an authority is read before it is kept", e);
    }
  }
}
