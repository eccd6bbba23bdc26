package dev.berth.operator.registry.check;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.check.Finding.Effect;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.stream.Stream;

/** What the spec names in its namespace: whether it is there, and of use. */
final class ReferenceChecks {
  private ReferenceChecks() {}

  static Stream<Finding> users(Registry registry, References references, Instant now) {
    var authentication = registry.getSpec().authentication();
    if (authentication == null || authentication.users() == null) {
      return Stream.empty();
    }
    String name = authentication.users().secretRef().name();
    Secret secret = references.users();
    if (secret == null) {
      return finding(
          ConditionType.AUTHENTICATION_READY,
          Reason.SECRET_MISSING,
          Effect.NOT_READY,
          "There is no Secret %s in this namespace, so no user can log in".formatted(name));
    }
    String htpasswd = SecretText.of(secret, "htpasswd");
    return htpasswd == null
        ? finding(
            ConditionType.AUTHENTICATION_READY,
            Reason.SECRET_INVALID,
            Effect.NOT_READY,
            "Secret %s has no key htpasswd, so no user can log in".formatted(name))
        : Htpasswd.problem(htpasswd).stream()
            .map(
                problem ->
                    new Finding(
                        ConditionType.AUTHENTICATION_READY,
                        Reason.SECRET_INVALID,
                        Effect.NOT_READY,
                        "Secret %s, key htpasswd, %s; a running server keeps the list that it last could use"
                            .formatted(name, problem)));
  }

  private static Stream<Finding> finding(
      ConditionType type, Reason reason, Effect effect, String message) {
    return Stream.of(new Finding(type, reason, effect, message));
  }
}
