package dev.berth.operator.registry.check;

import dev.berth.api.v1alpha1.registry.Registry;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Every check of a Registry, in the order in which their findings count. */
public final class RegistryChecks {

  /** One question about a Registry. */
  interface Check {
    Stream<Finding> of(Registry registry, References references, Instant now);
  }

  private static final List<Check> CHECKS =
      List.of(
          SpecChecks::name,
          SpecChecks::pod,
          SpecChecks::certificate,
          SpecChecks::space,
          SupportChecks::storage,
          SupportChecks::metadata,
          SupportChecks::additions,
          StorageChecks::claim,
          CertificateChecks::provided,
          CertificateChecks::certManager,
          ReferenceChecks::users,
          AuthenticationChecks::issuers,
          AuthenticationChecks::oidc,
          AuthenticationChecks::ldap);

  private RegistryChecks() {}

  public static List<Finding> findings(Registry registry, References references, Instant now) {
    return CHECKS.stream().flatMap(check -> check.of(registry, references, now)).toList();
  }
}
