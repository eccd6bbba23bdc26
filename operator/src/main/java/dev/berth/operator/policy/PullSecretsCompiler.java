package dev.berth.operator.policy;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.accesspolicy.PullSecretsSpec;
import dev.berth.policy.Action;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PullSecrets;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Adds to a compiled policy whose credentials count, in which namespaces. Pure. */
public final class PullSecretsCompiler {
  private PullSecretsCompiler() {}

  /**
   * What the cluster tells.
   *
   * @param namespaces labels by name, of those that copies can be kept in
   * @param copies of the AccessPolicy with a uid
   * @param inForce the last document; null: there is none
   */
  public record Facts(
      Map<String, Map<String, String>> namespaces,
      Function<String, List<KeptCopy>> copies,
      @Nullable PolicyDocument inForce) {}

  /** Why an AccessPolicy's pull secrets cannot be kept at all. */
  public record Problem(Reason reason, String message) {}

  /**
   * Adds them.
   *
   * @param facts asked for only where an AccessPolicy keeps pull secrets
   */
  public static CompiledPolicy add(
      CompiledPolicy compiled,
      Collection<AccessPolicy> policies,
      Supplier<Facts> facts,
      Instant now) {
    Set<String> pulling =
        compiled.content().grants().stream()
            .filter(grant -> grant.actions().contains(Action.PULL))
            .map(grant -> grant.policy())
            .collect(Collectors.toSet());
    List<AccessPolicy> keeping =
        policies.stream()
            .filter(policy -> policy.getSpec().pullSecrets() != null)
            .filter(policy -> pulling.contains(ObjectKey.of(policy).toString()))
            .toList();
    if (keeping.isEmpty()) {
      return compiled;
    }
    Facts known = facts.get();
    return compiled.with(
        keeping.stream()
            .flatMap(policy -> entry(policy, known, now).stream())
            .sorted(Comparator.comparing(PullSecrets::policy))
            .toList());
  }

  /** What is wrong with the spec itself; empty: nothing. */
  public static Optional<Problem> problem(AccessPolicy policy) {
    PullSecretsSpec spec = policy.getSpec().pullSecrets();
    if (spec == null) {
      return Optional.empty();
    }
    if (policy.getSpec().rules().stream().noneMatch(rule -> rule.actions().contains(Action.PULL))) {
      return Optional.of(
          new Problem(Reason.NOTHING_TO_PULL, "No rule of the AccessPolicy has the action Pull"));
    }
    if (Rotation.duration(spec.rotation()).compareTo(Rotation.SHORTEST) < 0) {
      return Optional.of(
          new Problem(
              Reason.INVALID_SPEC,
              "spec.pullSecrets.rotation %s is less than %d minutes"
                  .formatted(spec.rotation(), Rotation.SHORTEST.toMinutes())));
    }
    return Optional.empty();
  }

  /** The generation that copies should have. */
  public static long currentGeneration(PullSecrets entry, Instant now) {
    return PullGenerations.current(entry.generations(), now);
  }

  /** When copies are to be replaced. */
  public static Optional<Instant> rotatesAt(PullSecrets entry, Instant now) {
    return entry.generations().stream()
        .filter(generation -> generation > now.getEpochSecond())
        .min(Comparator.naturalOrder())
        .map(Instant::ofEpochSecond);
  }

  private static Optional<PullSecrets> entry(AccessPolicy policy, Facts facts, Instant now) {
    PullSecretsSpec spec = policy.getSpec().pullSecrets();
    if (spec == null || problem(policy).isPresent()) {
      return Optional.empty();
    }
    String uid = policy.getMetadata().getUid();
    NamespaceChoice choice =
        new NamespaceChoice(spec.namespaces(), policy.getMetadata().getNamespace());
    SortedSet<String> chosen =
        facts.namespaces().keySet().stream()
            .filter(
                name ->
                    choice.selects(
                        name, known -> Optional.ofNullable(facts.namespaces().get(known))))
            .collect(Collectors.toCollection(TreeSet::new));
    return Optional.of(
        new PullSecrets(
            ObjectKey.of(policy).toString(),
            uid,
            PullGenerations.of(
                Rotation.of(policy, spec.rotation()),
                inForce(uid, facts.inForce()),
                facts.copies().apply(uid).stream()
                    // Anybody may label a Secret as a copy; only what is replaced says what is
                    // used.
                    .filter(copy -> copy.name().equals(spec.name()))
                    .filter(copy -> chosen.contains(copy.namespace()))
                    .toList(),
                now),
            chosen));
  }

  private static List<Long> inForce(String uid, @Nullable PolicyDocument document) {
    return document == null
        ? List.of()
        : document.content().pullSecrets().stream()
            .filter(entry -> Objects.equals(entry.uid(), uid))
            .findFirst()
            .map(PullSecrets::generations)
            .orElse(List.of());
  }
}
