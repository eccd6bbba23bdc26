package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.AuthorityPhase;
import dev.berth.api.v1alpha1.registry.CertificateStatus;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RotateAnnotation;
import dev.berth.operator.registry.model.TlsModel;
import dev.berth.operator.tls.Authorities;
import dev.berth.operator.tls.CaRotation;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.ServerCertificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the status tells of the certificate that clients see and of who signs it. */
final class CertificateReport {

  /** Time enough for somebody to renew a certificate by hand. */
  private static final Duration SOON = Duration.ofDays(14);

  private CertificateReport() {}

  /** The condition of a certificate that no finding is about. */
  static void condition(
      Conditions conditions,
      Registry registry,
      RegistryModel model,
      @Nullable CertificateFacts facts,
      @Nullable Set<String> served,
      Instant now) {
    String ignored = ignoredOrder(registry);
    String more = lag(facts, served) + ignored;
    switch (model.tls()) {
      case TlsModel.Disabled disabled ->
          isTrue(
              conditions,
              Reason.TLS_DISABLED,
              "spec.tls.disabled: the registry speaks plain HTTP" + ignored);
      case TlsModel.SelfSigned self ->
          isTrue(
              conditions,
              Reason.ISSUED,
              "Issued by the registry's own authority, which clients find in Secret %s%s"
                  .formatted(model.names().authority(), rotation(self.authorities())));
      case TlsModel.CertManager certManager ->
          isTrue(
              conditions,
              Reason.ISSUED,
              "Issued by %s %s of cert-manager%s"
                  .formatted(certManager.issuer().kind(), certManager.issuer().name(), more));
      case TlsModel.Provided provided -> provided(conditions, provided, facts, now, more);
    }
  }

  static CertificateStatus status(RegistryModel model, CertificateFacts facts) {
    String notAfter = facts.notAfter().toString();
    if (!(model.tls() instanceof TlsModel.SelfSigned self)) {
      return new CertificateStatus(notAfter, null, facts.fingerprint(), null, null, null);
    }
    return new CertificateStatus(
        notAfter,
        text(ServerCertificate.renewsAt(facts)),
        facts.fingerprint(),
        phase(self.authorities()),
        text(CaRotation.notAfter(self.authorities())),
        CaRotation.nextPhaseAt(self.authorities()).map(CertificateReport::text).orElse(null));
  }

  private static void provided(
      Conditions conditions,
      TlsModel.Provided tls,
      @Nullable CertificateFacts facts,
      Instant now,
      String more) {
    if (facts == null) {
      isTrue(conditions, Reason.PROVIDED, "Secret " + tls.secretName() + more);
    } else if (now.isBefore(facts.notAfter().minus(SOON))) {
      isTrue(
          conditions,
          Reason.PROVIDED,
          "Secret %s, valid until %s%s".formatted(tls.secretName(), facts.notAfter(), more));
    } else {
      isTrue(
          conditions,
          Reason.EXPIRES_SOON,
          "The certificate in Secret %s ends at %s%s"
              .formatted(tls.secretName(), facts.notAfter(), more));
    }
  }

  private static AuthorityPhase phase(Authorities authorities) {
    return switch (authorities) {
      case Authorities.Stable stable -> AuthorityPhase.STABLE;
      case Authorities.Announced announced -> AuthorityPhase.ANNOUNCED;
      case Authorities.Switched switched -> AuthorityPhase.SWITCHED;
    };
  }

  private static String rotation(Authorities authorities) {
    return switch (authorities) {
      case Authorities.Stable stable -> "";
      case Authorities.Announced announced ->
          CaRotation.nextPhaseAt(announced)
              .map(at -> "; the next one is there too, and signs from %s on".formatted(text(at)))
              .orElse("; the next one is being published there");
      case Authorities.Switched switched ->
          "; the one before is there until no replica uses it, at least until %s"
              .formatted(text(switched.since().plus(CaRotation.TRUST_PERIOD)));
    };
  }

  /**
   * Replicas take a new certificate when their volume has it; one that is refused is in the log.
   */
  private static String lag(@Nullable CertificateFacts facts, @Nullable Set<String> served) {
    return facts == null || served == null || Set.of(facts.fingerprint()).containsAll(served)
        ? ""
        : "; a replica still presents another one: if that lasts for minutes, its log says why";
  }

  private static String ignoredOrder(Registry registry) {
    return RotateAnnotation.of(registry) == null
        ? ""
        : "; the annotation %s has no effect, since only spec.tls.selfSigned is rotated here"
            .formatted(RotateAnnotation.NAME);
  }

  private static void isTrue(Conditions conditions, Reason reason, String message) {
    conditions.isTrue(ConditionType.CERTIFICATE_VALID, reason, message);
  }

  private static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
