package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.berth.policy.Action;
import dev.berth.registry.auth.AccessControl.Reach;
import dev.berth.registry.cli.Policies;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.config.TestConfigurations;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.identity.InvalidCredentialException;
import dev.berth.registry.identity.RegistryHosts;
import dev.berth.registry.metadata.RepositoryCatalog;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.watch.FilePoller;
import io.micronaut.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A repository that was deleted and made again is another one, and the policy of now decides. */
final class PolicyAccessControlTest {
  private static final Caller ALICE = Caller.user("alice", Set.of(), "htpasswd");
  private static final RepositoryName APP = new RepositoryName("team-a/app");

  private final MutableClock clock = new MutableClock();
  private final Map<RepositoryName, RepositoryCatalog.Repository> stored = new HashMap<>();
  private final RepositoryCatalog catalog =
      new RepositoryCatalog() {
        @Override
        public Optional<Repository> find(RepositoryName name) {
          return Optional.ofNullable(stored.get(name));
        }

        @Override
        public Usage usage() {
          return new Usage(stored.size(), 0, 0, 0, 0);
        }
      };
  private final RegistryConfiguration configuration = TestConfigurations.minimal();
  private final RegistryHosts hosts = new RegistryHosts(configuration);
  private final PolicyInForce policy = new PolicyInForce(clock);
  private final Tokens tokens =
      new Tokens(
          configuration, new SigningKeys(configuration, new FilePoller(), clock), hosts, clock);
  private final TokenIssuer issuer = new TokenIssuer(tokens, policy, catalog);
  private final AccessControl access =
      new PolicyAccessControl(
          tokens,
          (remote, name, password) -> {
            throw new InvalidCredentialException("there are no passwords here");
          },
          policy,
          catalog,
          new Challenges(hosts),
          new RequestRate(configuration));

  PolicyAccessControlTest() {
    policy.offer(Policies.aliceMay(1, "team-a/**", Action.PULL, Action.PUSH));
  }

  @Test
  void aTokenOfARepositoryIsForThatRepositoryAlone() {
    store("uid-1");
    String token = token("repository:team-a/app:pull");
    assertThat(pull(token)).isEqualTo(ALICE);

    store("uid-2");

    assertInsufficient(token);
  }

  @Test
  void aTokenOfADeletedRepositoryDoesNotMakeItAgain() {
    store("uid-1");
    String token = token("repository:team-a/app:pull,push");

    stored.clear();

    assertInsufficient(token);
  }

  @Test
  void aTokenForANameThatWasFreeIsForTheRepositoryMadeSince() {
    String token = token("repository:team-a/app:pull,push");
    assertThat(pull(token)).isEqualTo(ALICE);

    clock.move(Duration.ofSeconds(3));
    store("uid-1");

    assertThat(pull(token)).isEqualTo(ALICE);
  }

  @Test
  void aTokenForANameThatWasFreeIsNotForAnOlderRepository() {
    store("uid-1");
    RepositoryCatalog.Repository older = stored.remove(APP);
    clock.move(Duration.ofSeconds(3));
    String token = token("repository:team-a/app:pull");

    stored.put(APP, older);

    assertInsufficient(token);
  }

  @Test
  void aRightThatThePolicyTookAwayIsGoneAlthoughTheTokenHasIt() {
    store("uid-1");
    String token = token("repository:team-a/app:pull");

    policy.offer(Policies.aliceMay(2, "team-b/**", Action.PULL));

    assertThatThrownBy(() -> pull(token))
        .asInstanceOf(type(OciException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED))
        .satisfies(e -> assertThat(e.getMessage()).contains("alice may not pull from team-a/app"));
  }

  @Test
  void aPullTokenDoesNotPush() {
    store("uid-1");
    HttpRequest<?> request = request(token("repository:team-a/app:pull"));

    assertThatThrownBy(() -> access.require(request, APP, Action.PUSH))
        .asInstanceOf(type(OciException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED))
        .satisfies(
            e ->
                assertThat(e.headers().get("WWW-Authenticate"))
                    .contains(
                        "scope=\"repository:team-a/app:pull,push\"",
                        "error=\"insufficient_scope\""));
  }

  @Test
  void aTokenForOneRepositoryDoesNotReachAnotherOneThatItsCallerMayPullFrom() {
    RepositoryName base = new RepositoryName("team-a/base");
    HttpRequest<?> narrow = request(token("repository:team-a/app:pull,push"));
    HttpRequest<?> wide =
        request(token("repository:team-a/app:pull,push repository:team-a/base:pull"));

    assertThat(access.reach(narrow, base, Action.PULL)).isEqualTo(Reach.TOKEN_TOO_NARROW);
    assertThat(access.reach(wide, base, Action.PULL)).isEqualTo(Reach.ALLOWED);
    assertThat(access.reach(wide, base, Action.PUSH)).isEqualTo(Reach.TOKEN_TOO_NARROW);
    assertThat(access.reach(wide, new RepositoryName("team-b/app"), Action.PULL))
        .isEqualTo(Reach.REFUSED);
    assertThat(access.widerToken(narrow, APP, base).headers().get("WWW-Authenticate"))
        .contains(
            "scope=\"repository:team-a/app:pull,push repository:team-a/base:pull\"",
            "error=\"insufficient_scope\"");
  }

  @Test
  void whatADeniedCallerSeesDoesNotDependOnWhatExists() {
    RepositoryName secret = new RepositoryName("secret/app");
    HttpRequest<?> request = request(token("repository:secret/app:pull"));
    String missing = refusal(request, secret);

    stored.put(secret, new RepositoryCatalog.Repository(secret, "key-9", "uid-9", clock.instant()));

    assertThat(refusal(request, secret)).isEqualTo(missing).contains("DENIED");
  }

  @Test
  void withoutAPolicyNothingIsAllowed() {
    PolicyInForce none = new PolicyInForce(clock);

    for (Action action : Action.values()) {
      assertThat(none.decide(ALICE, APP, action).isAllowed()).isFalse();
    }
    assertThat(none.revision()).isEmpty();
  }

  @Test
  void ofTwoPoliciesTheOneWithTheHigherSequenceIsInForce() {
    PolicyInForce two = new PolicyInForce(clock);
    var newer = Policies.aliceMay(7, "new/**", Action.PULL);
    var older = Policies.aliceMay(6, "old/**", Action.PULL);

    assertThat(two.offer(newer)).isEqualTo(newer.revision());
    assertThat(two.offer(older)).isEqualTo(newer.revision());
    assertThat(two.offer(newer)).isEqualTo(newer.revision());
    assertThat(two.revision()).isEqualTo(newer.revision());
  }

  private String refusal(HttpRequest<?> request, RepositoryName name) {
    try {
      access.require(request, name, Action.PULL);
      return "allowed";
    } catch (OciException e) {
      return e.code() + " " + e.getMessage() + " " + e.headers();
    }
  }

  private void assertInsufficient(String token) {
    assertThatThrownBy(() -> pull(token))
        .asInstanceOf(type(OciException.class))
        .satisfies(
            e ->
                assertThat(e.headers().get("WWW-Authenticate"))
                    .contains("error=\"insufficient_scope\""));
  }

  private void store(String uid) {
    stored.put(APP, new RepositoryCatalog.Repository(APP, "key", uid, clock.instant()));
  }

  private String token(String scope) {
    return issuer.issue(ALICE, TokenRequest.of(List.of(scope))).value();
  }

  private Caller pull(String token) {
    return access.require(request(token), APP, Action.PULL);
  }

  private static HttpRequest<?> request(String token) {
    return HttpRequest.GET("/v2/").header("Authorization", "Bearer " + token);
  }
}
