package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.policy.Action;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.PullCredential;
import dev.berth.policy.PullSecrets;
import dev.berth.policy.Subject;
import dev.berth.policy.Visibility;
import dev.berth.registry.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompiledPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Caller ALICE = Caller.user("alice", Set.of("platform"), "htpasswd");
  private static final Caller BOB = Caller.user("bob", Set.of(), "htpasswd");

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
  void whoeverIsRefusedByAnExpiryIsToldOfIt() {
    CompiledPolicy policy =
        policy(
            true,
            Creation.ON_PUSH,
            List.of(),
            grant(alice(), "a/**", "2020-01-01T00:00:00Z", Action.PULL));

    assertThat(policy.decide(ALICE, "a/b", Action.PULL, NOW))
        .isEqualTo(
            new Decision.Refused(
                "alice may not pull from a/b: AccessPolicy team-a/policy allowed it until"
                    + " 2020-01-01T00:00:00Z, ask for a later expiresAt"));
    assertThat(policy.decide(ALICE, "a/b", Action.PUSH, NOW).toString()).doesNotContain("until");
    assertThat(policy.decide(BOB, "a/b", Action.PULL, NOW).toString()).doesNotContain("until");
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

  @ParameterizedTest
  @CsvSource({
    // namespace and name of the subject, the ServiceAccount that asks, allowed
    "ci, builder, ci, builder, true",
    "ci, builder, ci, other, false",
    "ci, builder, other, builder, false",
    "ci, , ci, anything, true",
    "ci, , other, anything, false",
  })
  void aGrantReachesServiceAccounts(
      String namespace,
      @Nullable String name,
      String askingNamespace,
      String askingName,
      boolean allowed) {
    CompiledPolicy policy =
        policy(
            true,
            Creation.ON_PUSH,
            List.of(),
            grant(
                new Subject(Subject.Kind.SERVICE_ACCOUNT, name, namespace),
                "team-a/**",
                null,
                Action.PUSH));

    assertThat(
            policy
                .decide(
                    Caller.serviceAccount(askingNamespace, askingName, "uid", "cluster"),
                    "team-a/app",
                    Action.PUSH,
                    NOW)
                .isAllowed())
        .isEqualTo(allowed);
  }

  @Test
  void aUserIsNoServiceAccountWhateverItIsCalled() {
    CompiledPolicy policy =
        policy(
            true,
            Creation.ON_PUSH,
            List.of(),
            grant(
                new Subject(Subject.Kind.SERVICE_ACCOUNT, "builder", "ci"),
                "**",
                null,
                Action.PUSH));

    for (String name :
        List.of("builder", "ci/builder", "system:serviceaccount:ci:builder", "ci:builder")) {
      Caller user = Caller.user(name, Set.of(name), "https://issuer.example.com");
      assertThat(policy.decide(user, "app", Action.PUSH, NOW).isAllowed()).isFalse();
    }
  }

  @Test
  void aServiceAccountIsKnownByItsUid() {
    CompiledPolicy policy = withIdentities();
    Caller builder = Caller.serviceAccount("ci", "builder", "uid-1", "cluster");

    assertThat(policy.isCurrent(builder)).isTrue();
    assertThat(policy.isCurrent(Caller.serviceAccount("ci", "builder", "uid-0", "cluster")))
        .as("made anew")
        .isFalse();
    assertThat(policy.isCurrent(Caller.serviceAccount("ci", "other", "uid-1", "cluster")))
        .isFalse();
    assertThat(policy.isCurrent(Caller.serviceAccount("ci", "builder", "uid-1", "elsewhere")))
        .isFalse();
    assertThat(policy(true, Creation.ON_PUSH, List.of()).isCurrent(builder)).isFalse();
  }

  @Test
  void aPullSecretPullsWhatItsPolicyLetsItsSubjectsPull() {
    CompiledPolicy policy = withIdentities();
    Caller copy = Caller.pullSecret(new PullCredential("team-a/policy", "prod"), "uid-p", 3);

    assertThat(policy.isCurrent(copy)).isTrue();
    assertThat(policy.decide(copy, "team-a/app", Action.PULL, NOW).isAllowed()).isTrue();
    assertThat(policy.decide(copy, "team-a/app", Action.PUSH, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(copy, "team-a/app", Action.DELETE, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(copy, "team-b/app", Action.PULL, NOW).isAllowed()).isFalse();
    assertThat(policy.decide(copy, "team-c/app", Action.PULL, NOW).isAllowed())
        .as("granted to everybody with credentials")
        .isFalse();
    assertThat(policy.pullable(copy, NOW).includes("team-a/app")).isTrue();
  }

  @Test
  void aPullSecretEndsWithItsGenerationItsNamespaceAndItsPolicy() {
    CompiledPolicy policy = withIdentities();

    for (Caller gone :
        List.of(
            Caller.pullSecret(new PullCredential("team-a/policy", "prod"), "uid-p", 2),
            Caller.pullSecret(new PullCredential("team-a/policy", "prod"), "uid-q", 3),
            Caller.pullSecret(new PullCredential("team-a/policy", "test"), "uid-p", 3),
            Caller.pullSecret(new PullCredential("team-b/policy", "prod"), "uid-p", 3))) {
      assertThat(policy.isCurrent(gone)).as(gone.toString()).isFalse();
    }
  }

  private static CompiledPolicy withIdentities() {
    return new CompiledPolicy(
        PolicyDocumentFormat.document(
            new PolicyDocument.Content(
                true,
                Creation.ON_PUSH,
                List.of(),
                List.of(
                    grant(alice(), "team-a/**", null, Action.PULL, Action.PUSH),
                    new Grant(
                        "team-c/everybody",
                        List.of(new Subject(Subject.Kind.AUTHENTICATED, null, null)),
                        List.of(new PathPattern("team-c/**")),
                        Set.of(Action.PULL),
                        null)),
                List.of(),
                new ClusterTokens(
                    "cluster", "{\"keys\":[]}", Map.of("ci", Map.of("builder", "uid-1"))),
                List.of(
                    new PullSecrets(
                        "team-a/policy", "uid-p", List.of(3L, 4L), new TreeSet<>(Set.of("prod")))),
                null),
            1));
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
