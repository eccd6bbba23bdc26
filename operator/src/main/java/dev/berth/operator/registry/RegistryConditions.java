package dev.berth.operator.registry;

import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.RetentionSpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.api.v1alpha1.registry.RegistryStatus;
import dev.berth.api.v1alpha1.registry.RepositoryDefaults;
import dev.berth.operator.hosting.LocalRegistryHosting;
import dev.berth.operator.kubernetes.Conditions;
import dev.berth.operator.kubernetes.Conditions.Blocker;
import dev.berth.operator.kubernetes.Pods;
import dev.berth.operator.kubernetes.RetentionCondition;
import dev.berth.operator.podimages.RunningPods;
import dev.berth.operator.policy.SpaceCompiler;
import dev.berth.operator.registry.check.Finding;
import dev.berth.operator.registry.model.AuthenticationModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.server.PolicyDelivery;
import dev.berth.operator.tls.CertificateFacts;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditions that follow from what was observed; a finding on one of them counts before it. */
final class RegistryConditions {
  private RegistryConditions() {}

  static Conditions observed(
      Registry registry,
      RegistryModel model,
      Observed observed,
      @Nullable CertificateFacts certificate,
      List<Finding> findings,
      Instant now) {
    Conditions conditions = new Conditions();
    StorageConditions.add(conditions, model, observed.claim());
    CertificateReport.condition(conditions, registry, model, certificate, observed.served(), now);
    authentication(conditions, model);
    exposed(conditions, model, observed.service());
    policy(conditions, registry, model, observed.policy());
    runningImages(conditions, model);
    if (LocalRegistryHosting.isWanted(registry)) {
      conditions.isTrue(
          ConditionType.ADVERTISED,
          Reason.ADVERTISED_HOSTS,
          "ConfigMap local-registry-hosting in kube-public names this Registry");
    }
    RetentionCondition.add(
        conditions,
        "spec.repositories.defaults.retention",
        retention(registry.getSpec()),
        registry.getStatus() == null
            ? List.of()
            : Conditions.ofGeneration(
                registry.getStatus().conditions(), registry.getMetadata().getGeneration()),
        observed.space() == null ? null : observed.space().undeclared());
    // The first finding of a type is the one that counts.
    findings.reversed().stream()
        .filter(finding -> finding.type() != ConditionType.READY)
        .forEach(
            finding -> conditions.isFalse(finding.type(), finding.reason(), finding.message()));
    return conditions;
  }

  /**
   * Whether every replica decides by the newest document. While none serves, what was said of the
   * same document stands: nobody decides by another one, and a pod that restarts is no news to all
   * who have an AccessPolicy.
   */
  static boolean isEnforced(
      Registry registry, RegistryModel model, PolicyDelivery.Outcome outcome) {
    RegistryStatus before = registry.getStatus();
    if (outcome.replicas() > 0 || before == null || before.policy() == null) {
      return outcome.isEnforcedEverywhere();
    }
    return model.policy().revision().equals(before.policy().revision())
        && before.conditions().stream()
            .anyMatch(
                old ->
                    old.type().equals(ConditionType.POLICY_ENFORCED.value())
                        && old.status() == ConditionStatus.TRUE);
  }

  /** What keeps the pods from serving; empty when enough of them do. */
  static Optional<Blocker> workload(Observed observed) {
    int wanted = wantedReplicas(observed);
    if (wanted > 0 && readyReplicas(observed) >= wanted) {
      return Optional.empty();
    }
    if (wanted == 0 && observed.workload() != null) {
      return Optional.of(new Blocker(ConditionStatus.FALSE, Reason.STOPPED, "Nothing serves"));
    }
    return Optional.of(
        Pods.failure(observed.pods())
            .map(failure -> new Blocker(ConditionStatus.FALSE, Reason.POD_FAILING, failure))
            .orElseGet(
                () ->
                    new Blocker(
                        ConditionStatus.FALSE,
                        Reason.POD_PENDING,
                        "%d of %d pods serve".formatted(readyReplicas(observed), wanted))));
  }

  static int replicas(Observed observed) {
    return observed.workload() == null
            || observed.workload().getStatus() == null
            || observed.workload().getStatus().getReplicas() == null
        ? 0
        : observed.workload().getStatus().getReplicas();
  }

  static int readyReplicas(Observed observed) {
    return Pods.ready(observed.pods()).size();
  }

  private static int wantedReplicas(Observed observed) {
    return observed.workload() == null || observed.workload().getSpec().getReplicas() == null
        ? 1
        : observed.workload().getSpec().getReplicas();
  }

  private static void authentication(Conditions conditions, RegistryModel model) {
    if (model.authentication().isAny()) {
      conditions.isTrue(
          ConditionType.AUTHENTICATION_READY,
          Reason.CONFIGURED,
          "Who can log in: " + String.join(", ", callers(model)));
    } else {
      conditions.isTrue(
          ConditionType.AUTHENTICATION_READY,
          Reason.NO_USERS,
          "Nobody can log in: spec.authentication names nobody who could");
    }
  }

  private static List<String> callers(RegistryModel model) {
    AuthenticationModel authentication = model.authentication();
    List<String> callers = new ArrayList<>();
    if (authentication.serviceAccounts()) {
      callers.add(
          model.policy().content().clusterTokens() == null
              ? "ServiceAccounts of this cluster as soon as it tells its keys"
              : "ServiceAccounts of this cluster");
    }
    if (authentication.usersSecret() != null) {
      callers.add("users of Secret " + authentication.usersSecret());
    }
    authentication.oidc().forEach(issuer -> callers.add("tokens of " + issuer.issuer()));
    if (authentication.ldap() != null) {
      callers.add("users of " + authentication.ldap().url());
    }
    return callers;
  }

  private static void exposed(
      Conditions conditions, RegistryModel model, @Nullable Service service) {
    boolean waits = model.service().type().equals("LoadBalancer") && !hasAddress(service);
    if (service == null) {
      conditions.isUnknown(ConditionType.EXPOSED, Reason.PENDING, "The Service is being made");
    } else if (waits) {
      conditions.isUnknown(
          ConditionType.EXPOSED,
          Reason.LOAD_BALANCER_PENDING,
          "Service %s has no address yet".formatted(model.names().service()));
    } else {
      conditions.isTrue(
          ConditionType.EXPOSED,
          Reason.SERVICE_READY,
          "Service %s, type %s".formatted(model.names().service(), model.service().type()));
    }
  }

  /** How many there are changes all the time, and is only said where it matters. */
  private static void runningImages(Conditions conditions, RegistryModel model) {
    int images = model.policy().content().spaceRules().running().size();
    if (images >= RunningPods.MOST) {
      conditions.isFalse(
          ConditionType.IMAGES_PROTECTED,
          Reason.TOO_MANY_IMAGES,
          "Pods run more images than the %d that a policy names; those that they pull by a name of"
                  .formatted(RunningPods.MOST)
              + " this Registry are protected");
    } else if (images > RunningPods.MANY) {
      conditions.isTrue(
          ConditionType.IMAGES_PROTECTED,
          Reason.MANY_IMAGES,
          "Pods run more than %d images, and a policy names %d"
              .formatted(RunningPods.MANY, RunningPods.MOST));
    }
  }

  private static @Nullable RetentionSpec retention(RegistrySpec spec) {
    RepositoryDefaults defaults = SpaceCompiler.defaults(spec);
    return defaults == null ? null : defaults.retention();
  }

  private static boolean hasAddress(@Nullable Service service) {
    LoadBalancerStatus status =
        service == null || service.getStatus() == null
            ? null
            : service.getStatus().getLoadBalancer();
    return status != null && !status.getIngress().isEmpty();
  }

  private static void policy(
      Conditions conditions,
      Registry registry,
      RegistryModel model,
      PolicyDelivery.Outcome outcome) {
    String revision = model.policy().revision();
    if (isEnforced(registry, model, outcome)) {
      conditions.isTrue(
          ConditionType.POLICY_ENFORCED,
          Reason.ENFORCED,
          (outcome.replicas() > 0
                  ? "Every replica decides by revision %s"
                  : "Nothing serves; what serves next decides by revision %s")
              .formatted(revision));
    } else if (outcome.unreachable().isEmpty()) {
      conditions.isUnknown(
          ConditionType.POLICY_ENFORCED, Reason.PENDING, "No replica is ready to take the policy");
    } else {
      conditions.isFalse(
          ConditionType.POLICY_ENFORCED,
          Reason.REPLICA_UNREACHABLE,
          "Revision %s did not reach %s"
              .formatted(revision, String.join(", ", outcome.unreachable())));
    }
  }
}
