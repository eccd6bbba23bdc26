package dev.berth.registry.auth;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.berth.policy.Action;
import dev.berth.policy.Canary;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PullSecrets;
import dev.berth.policy.SpaceRules;
import dev.berth.policy.Subject;
import dev.berth.policy.Visibility;
import dev.berth.registry.identity.Caller;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A policy document made ready for deciding: grants by subject, then by path. */
final class CompiledPolicy {
  private static final Subject ANYONE = new Subject(Subject.Kind.ANONYMOUS, null, null);
  private static final Subject AUTHENTICATED = new Subject(Subject.Kind.AUTHENTICATED, null, null);

  private final boolean anonymous;
  private final boolean onlyDeclared;
  private final Map<Subject, PathIndex<Rule>> rules = new HashMap<>();
  private final PathIndex<Declared> declared = new PathIndex<>();
  private final PathIndex<DeclaredRepository> published = new PathIndex<>();
  private final RepositoryRules undeclared;
  private final @Nullable ClusterTokens clusterTokens;
  private final Map<String, PullSecrets> pullSecrets;
  private final SpaceRules space;
  private final List<DeclaredRepository> repositories;

  /** What the AccessPolicies that keep pull secrets grant, to whomever they name. */
  private final Map<String, PathIndex<Rule>> ofPullSecrets = new HashMap<>();

  /**
   * Compiles a document.
   *
   * @throws IllegalArgumentException when a grant says something that cannot be understood
   */
  CompiledPolicy(PolicyDocument document) {
    PolicyDocument.Content content = document.content();
    anonymous = content.anonymous();
    undeclared = new RepositoryRules("the registry's defaults", content.immutableTags(), List.of());
    onlyDeclared = content.creation() == Creation.DECLARED;
    clusterTokens = content.clusterTokens();
    pullSecrets =
        content.pullSecrets().stream()
            .collect(toUnmodifiableMap(PullSecrets::policy, Function.identity()));
    pullSecrets.keySet().forEach(policy -> ofPullSecrets.put(policy, new PathIndex<>()));
    space = content.spaceRules();
    repositories = content.repositories();
    repositories.forEach(this::add);
    content.grants().forEach(this::add);
  }

  private void add(DeclaredRepository repository) {
    RepositoryRules rules =
        new RepositoryRules(
            "Repository " + repository.name(),
            repository.immutableTags(),
            repository.allowedArtifactTypes());
    declared.put(repository.path(), new Declared(repository, rules));
    if (repository.visibility() == Visibility.PUBLIC) {
      published.put(repository.path(), repository);
    }
  }

  private void add(Grant grant) {
    Rule rule = new Rule(grant.policy(), grant.actions(), expiry(grant));
    for (Subject subject : grant.subjects()) {
      PathIndex<Rule> index = rules.computeIfAbsent(key(subject), s -> new PathIndex<>());
      grant.repositories().forEach(pattern -> index.put(pattern, rule));
    }
    PathIndex<Rule> ofCopies = ofPullSecrets.get(grant.policy());
    if (ofCopies != null) {
      grant.repositories().forEach(pattern -> ofCopies.put(pattern, rule));
    }
  }

  private static Subject key(Subject subject) {
    return switch (subject.kind()) {
      case ANONYMOUS -> ANYONE;
      case AUTHENTICATED -> AUTHENTICATED;
      case USER, GROUP -> new Subject(subject.kind(), subject.name(), null);
      case SERVICE_ACCOUNT -> subject;
    };
  }

  private static @Nullable Instant expiry(Grant grant) {
    String text = grant.expiresAt();
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "the grant of "
              + grant.policy()
              + " expires at '"
              + text
              + "', which is no RFC 3339 time",
          e);
    }
  }

  Decision decide(Caller caller, String path, Action action, Instant now) {
    // Else a wide grant would cover it.
    if (Canary.is(path)) {
      return action == Action.PULL && isForCanary(caller)
          ? new Decision.Allowed("the credential of the canary")
          : refused(caller, path, action);
    }
    if (caller.isAnonymous() && !anonymous) {
      return refused(caller, path, action);
    }
    Optional<DeclaredRepository> repository =
        declared.first(path, any -> true).map(Declared::repository);
    if (action == Action.PULL
        && repository.filter(r -> r.visibility() == Visibility.PUBLIC).isPresent()) {
      return new Decision.Allowed("public Repository " + repository.get().name());
    }
    Optional<Rule> rule = rule(caller, path, action, now);
    if (rule.isEmpty()) {
      return rule(caller, path, action, Instant.MIN)
          .map(expired -> refused(caller, path, action, expired))
          .orElseGet(() -> refused(caller, path, action));
    }
    if (action == Action.PUSH && onlyDeclared && repository.isEmpty()) {
      return new Decision.Refused(
          "no Repository declares "
              + path
              + ", and this registry takes pushes to declared paths only: ask for a Repository with this path");
    }
    return new Decision.Allowed("AccessPolicy " + rule.get().policy());
  }

  private static boolean isForCanary(Caller caller) {
    return caller.kind() == Caller.Kind.PULL_SECRET && caller.owner().equals(Canary.POLICY);
  }

  /** What holds for the content of a repository. */
  RepositoryRules rules(String path) {
    return Canary.is(path)
        ? RepositoryRules.NONE
        : declared.first(path, any -> true).map(Declared::rules).orElse(undeclared);
  }

  SpaceRules space() {
    return space;
  }

  List<DeclaredRepository> declared() {
    return repositories;
  }

  /** The most specific Repository of a path. */
  Optional<DeclaredRepository> declaring(String path) {
    return Canary.is(path)
        ? Optional.empty()
        : declared.first(path, any -> true).map(Declared::repository);
  }

  private Optional<Rule> rule(Caller caller, String path, Action action, Instant now) {
    // Whoever reads a Secret of a namespace gets what its pods need, and never more.
    if (caller.kind() == Caller.Kind.PULL_SECRET && action != Action.PULL) {
      return Optional.empty();
    }
    for (PathIndex<Rule> index : rules(caller)) {
      Optional<Rule> rule = index.first(path, r -> r.grants(action, now));
      if (rule.isPresent()) {
        return rule;
      }
    }
    return Optional.empty();
  }

  private List<PathIndex<Rule>> rules(Caller caller) {
    List<PathIndex<Rule>> found = new ArrayList<>(caller.groups().size() + 4);
    add(rules.get(ANYONE), found);
    // A pull secret is for what its policy says: whoever has it proved nothing else.
    if (caller.kind() == Caller.Kind.USER || caller.kind() == Caller.Kind.SERVICE_ACCOUNT) {
      add(rules.get(AUTHENTICATED), found);
    }
    switch (caller.kind()) {
      case ANONYMOUS -> {}
      case USER -> {
        add(rules.get(new Subject(Subject.Kind.USER, caller.name(), null)), found);
        for (String group : caller.groups()) {
          add(rules.get(new Subject(Subject.Kind.GROUP, group, null)), found);
        }
      }
      case SERVICE_ACCOUNT -> {
        Subject.Kind kind = Subject.Kind.SERVICE_ACCOUNT;
        add(rules.get(new Subject(kind, caller.last(), caller.owner())), found);
        add(rules.get(new Subject(kind, null, caller.owner())), found);
      }
      case PULL_SECRET -> add(ofPullSecrets.get(caller.owner()), found);
    }
    return found;
  }

  private static void add(@Nullable PathIndex<Rule> index, List<PathIndex<Rule>> indexes) {
    if (index != null) {
      indexes.add(index);
    }
  }

  boolean namesGroup(String group) {
    return rules.containsKey(new Subject(Subject.Kind.GROUP, group, null));
  }

  Optional<ClusterTokens> clusterTokens() {
    return Optional.ofNullable(clusterTokens);
  }

  Optional<PullSecrets> pullSecrets(String policy) {
    return Optional.ofNullable(pullSecrets.get(policy));
  }

  /** Whether what the caller's credential is of is still what it was. */
  boolean isCurrent(Caller caller) {
    return switch (caller.kind()) {
      case ANONYMOUS, USER -> true;
      case SERVICE_ACCOUNT ->
          clusterTokens != null
              && clusterTokens.issuer().equals(caller.issuer())
              && clusterTokens.isCurrent(caller.owner(), caller.last(), caller.incarnation());
      case PULL_SECRET -> {
        PullSecrets secrets = pullSecrets.get(caller.owner());
        yield secrets != null
            && secrets.namespaces().contains(caller.last())
            && secrets.generations().stream()
                .anyMatch(g -> caller.incarnation().equals(secrets.uid() + '/' + g));
      }
    };
  }

  Pullable pullable(Caller caller, Instant now) {
    List<PathIndex<?>> indexes = new ArrayList<>();
    indexes.add(published);
    indexes.addAll(rules(caller));
    return new Pulls(caller, now, indexes);
  }

  private static Decision refused(Caller caller, String path, Action action, Rule expired) {
    return new Decision.Refused(
        mayNot(caller, path, action)
            + ": AccessPolicy "
            + expired.policy()
            + " allowed it until "
            + expired.expiresAt()
            + ", ask for a later expiresAt");
  }

  static Decision refused(Caller caller, String path, Action action) {
    String word = action.word();
    return new Decision.Refused(
        mayNot(caller, path, action)
            + ": nothing in the policy in force allows it, "
            + (caller.isAnonymous() ? "log in, or " : "")
            + "ask for an AccessPolicy that grants "
            + word.substring(0, 1).toUpperCase(Locale.ROOT)
            + word.substring(1)
            + " on it");
  }

  private static String mayNot(Caller caller, String path, Action action) {
    return caller.called()
        + " may not "
        + action.word()
        + (action == Action.PUSH ? " to " : action == Action.PULL ? " from " : " in ")
        + path;
  }

  private final class Pulls implements Pullable {
    private final Caller caller;
    private final Instant now;
    private final List<PathIndex<?>> indexes;

    Pulls(Caller caller, Instant now, List<PathIndex<?>> indexes) {
      this.caller = caller;
      this.now = now;
      this.indexes = indexes;
    }

    @Override
    public boolean includes(String repository) {
      return decide(caller, repository, Action.PULL, now).isAllowed();
    }

    @Override
    public Optional<Start> after(String repository) {
      if (indexes.stream().anyMatch(index -> index.covers(repository))) {
        return Optional.of(new Start(repository, false));
      }
      return indexes.stream()
          .flatMap(index -> index.startAfter(repository).stream())
          .min(Comparator.naturalOrder())
          .map(name -> new Start(name, true));
    }
  }

  private record Declared(DeclaredRepository repository, RepositoryRules rules) {}

  private record Rule(String policy, Set<Action> actions, @Nullable Instant expiresAt) {
    boolean grants(Action action, Instant now) {
      return actions.contains(action) && (expiresAt == null || now.isBefore(expiresAt));
    }
  }
}
