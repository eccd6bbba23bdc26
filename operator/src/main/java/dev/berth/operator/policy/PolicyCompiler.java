package dev.berth.operator.policy;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.accesspolicy.AccessRule;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.api.v1alpha1.registry.ServiceAccountsAuthentication;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.Subject;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles every Repository and AccessPolicy of a Registry into the content of its policy document.
 * Pure: the same objects at the same time give the same content, in whatever order they come.
 */
public final class PolicyCompiler {

  /** The older of two wins; the name decides between objects of the same second. */
  private static final Comparator<HasMetadata> OLDEST_FIRST =
      Comparator.comparing(
              (HasMetadata o) -> Objects.toString(o.getMetadata().getCreationTimestamp(), ""))
          .thenComparing(o -> o.getMetadata().getNamespace())
          .thenComparing(o -> o.getMetadata().getName());

  private final Tenancy tenancy;
  private final RegistrySpec spec;
  private final Instant now;

  private final Map<ObjectKey, Verdict> repositoryVerdicts = new HashMap<>();
  private final Map<ObjectKey, Verdict> accessPolicyVerdicts = new HashMap<>();
  private @Nullable Instant nextExpiry;

  private PolicyCompiler(
      Registry registry,
      Function<String, Optional<Map<String, String>>> namespaceLabels,
      Instant now) {
    this.tenancy = new Tenancy(registry, namespaceLabels);
    this.spec = registry.getSpec();
    this.now = now;
  }

  /**
   * Compiles what refers to the Registry.
   *
   * @param namespaceLabels the labels of a namespace by its name; empty: it is not known (yet), and
   *     no selector selects it
   * @param tokens the keys and uids by which the ServiceAccounts that are named log in; empty: none
   *     can
   * @param now decides which AccessPolicies have expired
   */
  public static CompiledPolicy compile(
      Registry registry,
      Collection<Repository> repositories,
      Collection<AccessPolicy> accessPolicies,
      Function<String, Optional<Map<String, String>>> namespaceLabels,
      Function<NamedServiceAccounts, Optional<ClusterTokens>> tokens,
      Instant now) {
    PolicyCompiler compiler = new PolicyCompiler(registry, namespaceLabels, now);
    List<DeclaredRepository> declared = compiler.declared(repositories);
    List<Grant> grants = compiler.grants(accessPolicies);
    return new CompiledPolicy(
        new PolicyDocument.Content(
            compiler.anonymous(),
            compiler.creation(),
            declared,
            grants,
            compiler.immutableTags(),
            compiler.clusterTokens(grants, tokens),
            List.of(),
            SpaceCompiler.rules(registry)),
        Map.copyOf(compiler.repositoryVerdicts),
        Map.copyOf(compiler.accessPolicyVerdicts),
        Optional.ofNullable(compiler.nextExpiry));
  }

  private boolean anonymous() {
    return spec.authentication() == null
        || spec.authentication().anonymous() == null
        || spec.authentication().anonymous().enabled();
  }

  private @Nullable ClusterTokens clusterTokens(
      List<Grant> grants, Function<NamedServiceAccounts, Optional<ClusterTokens>> tokens) {
    return ServiceAccountsAuthentication.isEnabled(spec.authentication())
        ? tokens.apply(NamedServiceAccounts.of(grants)).orElse(null)
        : null;
  }

  private Creation creation() {
    return spec.repositories() == null ? Creation.ON_PUSH : spec.repositories().creation();
  }

  private List<String> immutableTags() {
    return spec.repositories() == null || spec.repositories().defaults() == null
        ? List.of()
        : spec.repositories().defaults().immutableTags();
  }

  private List<DeclaredRepository> declared(Collection<Repository> repositories) {
    Map<String, ObjectKey> byPath = new HashMap<>();
    List<DeclaredRepository> declared = new ArrayList<>();
    for (Repository repository : repositories.stream().sorted(OLDEST_FIRST).toList()) {
      ObjectKey key = ObjectKey.of(repository);
      Verdict verdict = judge(repository, byPath);
      repositoryVerdicts.put(key, verdict);
      // Its path is its own, and what of it can be used holds.
      if (verdict.isAccepted() || verdict.reason() == Reason.INVALID_SPEC) {
        byPath.put(repository.getSpec().path(), key);
        declared.add(
            new DeclaredRepository(
                key.toString(),
                new PathPattern(repository.getSpec().path()),
                repository.getSpec().visibility(),
                repository.getSpec().immutableTags(),
                repository.getSpec().allowedArtifactTypes(),
                QuotaCompiler.of(repository.getSpec().quota()),
                RetentionCompiler.of(repository.getSpec().retention(), repository)));
      }
    }
    declared.sort(Comparator.comparing(entry -> entry.path().value()));
    return declared;
  }

  private Verdict judge(Repository repository, Map<String, ObjectKey> byPath) {
    long generation = generation(repository);
    String namespace = repository.getMetadata().getNamespace();
    String path = repository.getSpec().path();
    List<PathPattern> allowed = tenancy.pathsOf(namespace);
    if (allowed.stream().noneMatch(given -> given.covers(new PathPattern(path)))) {
      return new Verdict(
          generation,
          Reason.NOT_ALLOWED,
          // Whose they are is nothing that a namespace without the path is told.
          "spec.path %s: %s; what is stored there is under the rules, retention too, of a wider"
                  .formatted(path, Tenancy.refusal(namespace, allowed))
              + " Repository, or else of the Registry's defaults");
    }
    ObjectKey older = byPath.get(path);
    if (older != null) {
      return new Verdict(
          generation,
          Reason.CONFLICT,
          "spec.path %s: the older Repository %s has the same path".formatted(path, older));
    }
    List<String> problems =
        Stream.concat(
                QuotaCompiler.problems("spec.quota", repository.getSpec().quota()).stream(),
                RetentionCompiler.problems("spec.retention", repository.getSpec().retention())
                    .stream())
            .toList();
    return problems.isEmpty()
        ? new Verdict(generation, Reason.ACCEPTED, "The Repository counts for " + path)
        : new Verdict(
            generation,
            Reason.INVALID_SPEC,
            String.join("; ", problems) + "; the rest of the Repository counts");
  }

  private List<Grant> grants(Collection<AccessPolicy> accessPolicies) {
    List<Grant> grants = new ArrayList<>();
    for (AccessPolicy policy : accessPolicies.stream().sorted(OLDEST_FIRST).toList()) {
      compile(policy, grants);
    }
    grants.sort(Comparator.comparing(Grant::policy));
    return grants;
  }

  private void compile(AccessPolicy policy, List<Grant> grants) {
    ObjectKey key = ObjectKey.of(policy);
    String namespace = policy.getMetadata().getNamespace();
    List<PathPattern> allowed = tenancy.pathsOf(namespace);
    List<Subject> subjects =
        policy.getSpec().subjects().stream()
            .map(subject -> new Subject(subject.kind(), subject.name(), subject.namespace()))
            .toList();
    List<String> outside = new ArrayList<>();
    List<Grant> own = new ArrayList<>();
    List<AccessRule> rules = policy.getSpec().rules();
    for (int i = 0; i < rules.size(); i++) {
      List<PathPattern> inside = new ArrayList<>();
      for (String path : rules.get(i).repositories()) {
        PathPattern pattern = new PathPattern(path);
        if (allowed.stream().anyMatch(given -> given.covers(pattern))) {
          inside.add(pattern);
        } else {
          outside.add("spec.rules[%d]: %s".formatted(i, path));
        }
      }
      if (!inside.isEmpty()) {
        own.add(
            new Grant(
                key.toString(),
                subjects,
                inside,
                Set.copyOf(rules.get(i).actions()),
                policy.getSpec().expiresAt()));
      }
    }
    Verdict verdict = judge(policy, outside, !own.isEmpty(), allowed);
    accessPolicyVerdicts.put(key, verdict);
    if (verdict.reason() == Reason.ACCEPTED || verdict.reason() == Reason.NOT_ALLOWED) {
      grants.addAll(own);
    }
  }

  private Verdict judge(
      AccessPolicy policy, List<String> outside, boolean rest, List<PathPattern> allowed) {
    long generation = generation(policy);
    String expiresAt = policy.getSpec().expiresAt();
    if (expiresAt != null) {
      try {
        Instant expiry = Instant.parse(expiresAt);
        if (!expiry.isAfter(now)) {
          return new Verdict(generation, Reason.EXPIRED, "The AccessPolicy ended at " + expiresAt);
        }
        nextExpiry = nextExpiry == null || expiry.isBefore(nextExpiry) ? expiry : nextExpiry;
      } catch (DateTimeParseException e) {
        return new Verdict(
            generation,
            Reason.INVALID_SPEC,
            "spec.expiresAt %s is not an RFC 3339 time such as 2027-01-01T00:00:00Z"
                .formatted(expiresAt));
      }
    }
    if (!outside.isEmpty()) {
      return new Verdict(
          generation,
          Reason.NOT_ALLOWED,
          "%s: %s; %s"
              .formatted(
                  String.join(", ", outside),
                  Tenancy.refusal(policy.getMetadata().getNamespace(), allowed),
                  rest ? "the rest of the AccessPolicy counts" : "nothing of it counts"));
    }
    return new Verdict(generation, Reason.ACCEPTED, "Every rule counts");
  }

  private static long generation(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }
}
