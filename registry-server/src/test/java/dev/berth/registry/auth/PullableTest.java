package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Subject;
import dev.berth.policy.Visibility;
import dev.berth.registry.identity.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Going from start to start finds what asking for every name would find. */
final class PullableTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String PAST = "2026-11-20T12:00:00Z";
  private static final Caller ALICE = Caller.user("alice", Set.of(), "htpasswd");

  @Property
  void nothingThatMayBePulledIsSkipped(
      @ForAll("patterns") List<PathPattern> granted,
      @ForAll("patterns") List<PathPattern> expired,
      @ForAll("patterns") List<PathPattern> published,
      @ForAll("patterns") List<PathPattern> hidden,
      @ForAll("paths") Set<String> names) {
    Pullable pullable = policy(granted, expired, published, hidden).pullable(ALICE, NOW);
    TreeSet<String> stored = new TreeSet<>(names);

    List<String> found = new ArrayList<>();
    Optional<Pullable.Start> next = pullable.after("");
    while (next.isPresent()) {
      Pullable.Start start = next.get();
      String name = start.itself() ? stored.ceiling(start.name()) : stored.higher(start.name());
      if (name != null && pullable.includes(name)) {
        found.add(name);
      }
      next = name == null ? Optional.empty() : pullable.after(name);
    }

    assertThat(found).isEqualTo(stored.stream().filter(pullable::includes).toList());
  }

  @Example
  void whatIsNobodysIsSkippedAtOnce() {
    Pullable pullable =
        policy(List.of(new PathPattern("m/**")), List.of(), List.of(), List.of())
            .pullable(ALICE, NOW);

    assertThat(pullable.after("a/one/of/many")).contains(new Pullable.Start("m/", true));
    assertThat(pullable.after("m/app")).contains(new Pullable.Start("m/app", false));
    assertThat(pullable.after("z")).isEmpty();
  }

  private static CompiledPolicy policy(
      List<PathPattern> granted,
      List<PathPattern> expired,
      List<PathPattern> published,
      List<PathPattern> hidden) {
    List<DeclaredRepository> repositories = new ArrayList<>();
    published.forEach(
        path -> repositories.add(new DeclaredRepository("x/public", path, Visibility.PUBLIC)));
    hidden.forEach(
        path -> repositories.add(new DeclaredRepository("x/private", path, Visibility.PRIVATE)));
    return new CompiledPolicy(
        PolicyDocumentFormat.document(
            new PolicyDocument.Content(
                true,
                Creation.ON_PUSH,
                repositories,
                List.of(grant(granted, null), grant(expired, PAST))),
            1));
  }

  private static Grant grant(List<PathPattern> paths, @Nullable String expiresAt) {
    return new Grant(
        "x/alice",
        List.of(new Subject(Subject.Kind.USER, "alice", null)),
        paths,
        Set.of(Action.PULL),
        expiresAt);
  }

  @Provide
  Arbitrary<Set<String>> paths() {
    return path().set().ofMaxSize(15);
  }

  private static Arbitrary<String> path() {
    return Arbitraries.of("a", "a-b", "ab", "b")
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(parts -> String.join("/", parts));
  }

  @Provide
  Arbitrary<List<PathPattern>> patterns() {
    return Arbitraries.oneOf(path(), path().map(path -> path + "/**"))
        .map(PathPattern::new)
        .list()
        .ofMaxSize(4);
  }
}
