package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompiledPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Caller ALICE = new Caller("alice", Set.of("platform"));
  private static final Caller BOB = new Caller("bob", Set.of());

  @ParameterizedTest
  @CsvSource({
    // subject kind, its name, path of the grant, caller, path asked, allowed
    "USER, alice, team-a/**, alice, team-a/app, true",
    "USER, alice, team-a/**, alice, team-a/deep/app, true",
    "USER, alice, team-a/**, alice, team-a, false",
    "USER, alice, team-a/**, alice, team-ab/app, false",
    "USER, alice, team-a/app, alice, team-a/app, true",
    "USER, alice, team-a/app, alice, team-a/app/x, false",
    "USER, alice, **, alice, anything/at/all, true",
    "USER, alice, **, alice, single, true",
    "USER, alice, **, bob, single, false",
    "USER, alice, **, anonymous, single, false",
    "GROUP, platform, **, alice, x, true",
    "GROUP, platform, **, bob, x, false",
    "GROUP, alice, **, alice, x, false",
    "AUTHENTICATED, , **, bob, x, true",
    "AUTHENTICATED, , **, anonymous, x, false",
    "ANONYMOUS, , **, bob, x, true",
    "ANONYMOUS, , **, anonymous, x, true",
    "SERVICE_ACCOUNT, alice, **, alice, x, false",
  })
  void aGrantReachesItsSubjectsOnItsPaths(
      Subject.Kind kind,
      @Nullable String name,
      String pattern,
      String caller,
      String path,
      boolean allowed) {
    CompiledPolicy policy =
        policy(
            true,
            Creation.ON_PUSH,
            List.of(),
            grant(new Subject(kind, name, null), pattern, null, Action.PULL));

    assertThat(policy.decide(caller(caller), path, Action.PULL, NOW).isAllowed())
        .isEqualTo(allowed);
  }

  @Test
  void noActionImpliesAnother() {
    CompiledPolicy policy =
        policy(true, Creation.ON_PUSH, List.of(), grant(alice(), "**", null, Action.PUSH));

    assertThat(policy.decide(ALICE, "x", Action.PUSH, NOW).isAllowed()).isTrue();
    assertThat(policy.decide(ALICE, "x", Action.PULL, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(ALICE, "x", Action.DELETE, NOW).isAllowed()).isFalse();
  }

  @Test
  void whereAnonymousAccessIsOffNothingIsAllowedWithoutCredentials() {
    CompiledPolicy policy =
        policy(
            false,
            Creation.ON_PUSH,
            List.of(declared("public/**", Visibility.PUBLIC)),
            grant(new Subject(Subject.Kind.ANONYMOUS, null, null), "**", null, Action.PULL));

    assertThat(policy.decide(Caller.ANONYMOUS, "public/x", Action.PULL, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(Caller.ANONYMOUS, "x", Action.PULL, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(BOB, "public/x", Action.PULL, NOW).isAllowed()).isTrue();
    assertThat(policy.decide(BOB, "x", Action.PULL, NOW).isAllowed()).isTrue();
  }

  @Test
  void theMostSpecificRepositorySaysWhetherAPathIsPublic() {
    CompiledPolicy policy =
        policy(
            true,
            Creation.ON_PUSH,
            List.of(
                declared("**", Visibility.PRIVATE),
                declared("a/**", Visibility.PUBLIC),
                declared("a/b/**", Visibility.PRIVATE),
                declared("a/b/c", Visibility.PUBLIC)));

    assertThat(policy.decide(BOB, "x", Action.PULL, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(BOB, "a/x", Action.PULL, NOW).isAllowed()).isTrue();
    assertThat(policy.decide(BOB, "a/b/x", Action.PULL, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(BOB, "a/b/c", Action.PULL, NOW).isAllowed()).isTrue();
    assertThat(policy.decide(BOB, "a/b/c", Action.PUSH, NOW).isAllowed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T12:00:01Z, true",
    "2026-11-21T12:00:00Z, false",
    "2026-11-21T13:00:01+01:00, true",
    "2026-11-21T11:59:59Z, false",
  })
  void aGrantEndsAtItsExpiry(String expiresAt, boolean allowed) {
    CompiledPolicy policy =
        policy(true, Creation.ON_PUSH, List.of(), grant(alice(), "**", expiresAt, Action.PULL));

    assertThat(policy.decide(ALICE, "x", Action.PULL, NOW).isAllowed()).isEqualTo(allowed);
  }

  @Test
  void anExpiredGrantDoesNotHideALessSpecificOne() {
    CompiledPolicy policy =
        policy(
            true,
            Creation.ON_PUSH,
            List.of(),
            grant(alice(), "a/b", "2020-01-01T00:00:00Z", Action.PULL),
            grant(alice(), "**", null, Action.PULL));

    assertThat(policy.decide(ALICE, "a/b", Action.PULL, NOW).isAllowed()).isTrue();
  }

  @Test
  void anExpiryThatIsNoTimeMakesTheDocumentUnusable() {
    assertThatThrownBy(
            () -> policy(true, Creation.ON_PUSH, List.of(), grant(alice(), "**", "soon")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("team-a/policy")
        .hasMessageContaining("'soon'");
  }

  @Test
  void whereOnlyDeclaredPathsExistAPushElsewhereIsRefusedAndSaysSo() {
    CompiledPolicy policy =
        policy(
            true,
            Creation.DECLARED,
            List.of(declared("team-a/**", Visibility.PRIVATE)),
            grant(alice(), "**", null, Action.PUSH, Action.PULL));

    assertThat(policy.decide(ALICE, "team-a/app", Action.PUSH, NOW).isAllowed()).isTrue();
    assertThat(policy.decide(ALICE, "other/app", Action.PULL, NOW).isAllowed()).isTrue();
    assertThat(policy.decide(ALICE, "other/app", Action.PUSH, NOW))
        .asString()
        .contains("no Repository declares other/app");
    assertThat(policy.decide(BOB, "other/app", Action.PUSH, NOW))
        .as("who may not push anyway is not told what is declared")
        .asString()
        .contains("bob may not push to other/app")
        .doesNotContain("declares");
  }

  static CompiledPolicy policy(
      boolean anonymous, Creation creation, List<DeclaredRepository> declared, Grant... grants) {
    PolicyDocument document =
        PolicyDocumentFormat.document(
            new PolicyDocument.Content(anonymous, creation, declared, List.of(grants)), 1);
    return new CompiledPolicy(document);
  }

  static Grant grant(
      Subject subject, String pattern, @Nullable String expiresAt, Action... actions) {
    return new Grant(
        "team-a/policy",
        List.of(subject),
        List.of(new PathPattern(pattern)),
        Set.of(actions),
        expiresAt);
  }

  private static Subject alice() {
    return new Subject(Subject.Kind.USER, "alice", null);
  }

  private static DeclaredRepository declared(String path, Visibility visibility) {
    return new DeclaredRepository("team-a/" + visibility, new PathPattern(path), visibility);
  }

  private static Caller caller(String name) {
    return switch (name) {
      case "alice" -> ALICE;
      case "bob" -> BOB;
      default -> Caller.ANONYMOUS;
    };
  }
}
