package dev.berth.registry.identity;

import static dev.berth.registry.identity.TestIssuer.AUDIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.berth.policy.ClusterTokens;
import dev.berth.policy.PullSecrets;
import dev.berth.registry.auth.MutableClock;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.config.TestConfigurations;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.watch.FilePoller;
import java.net.URI;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens of an OpenID Connect issuer as passwords, and those that only look like it. */
final class OidcTokensTest {
  private final MutableClock clock = new MutableClock();
  private final TestIssuer issuer = new TestIssuer(clock);
  private final JwtPasswords passwords = passwords("sub");

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void aTokenOfTheIssuerIsItsUserWithItsGroups() throws Exception {
    String token = issuer.sign(issuer.claims().claim("groups", List.of("dev", "ops")));

    Caller caller = passwords.authenticate("whatever", token);

    assertThat(caller)
        .isEqualTo(
            Caller.user("somebody", Set.of("dev", "ops"), issuer.url())
                .until(clock.instant().plus(Duration.ofMinutes(10))));
  }

  @Test
  void claimsAreMapped() throws Exception {
    JwtPasswords mapped =
        passwords(
            "preferred_username",
            new RegistryConfiguration.RequiredClaim("repository_owner", "example"),
            new RegistryConfiguration.RequiredClaim("teams", "staff"),
            new RegistryConfiguration.RequiredClaim("teams", "images"));
    JWTClaimsSet.Builder claims =
        issuer
            .claims()
            .claim("preferred_username", "alice")
            .claim("repository_owner", "example")
            .claim("teams", List.of("staff", "images"))
            .claim("groups", "one");

    assertThat(mapped.authenticate("x", issuer.sign(claims)))
        .isEqualTo(
            Caller.user("alice", Set.of("one"), issuer.url())
                .until(clock.instant().plus(Duration.ofMinutes(10))));
    refused(mapped, issuer.sign(claims.claim("repository_owner", "other")), "repository_owner");
    refused(mapped, issuer.sign(issuer.claims()), "repository_owner");
    claims.claim("repository_owner", "example");
    refused(mapped, issuer.sign(claims.claim("teams", List.of("images"))), "teams");
    refused(mapped, issuer.sign(claims.claim("teams", List.of("staff"))), "teams");
  }

  @Test
  void aUserNameMustBeOne() throws Exception {
    refused(issuer.claims().subject(null), "no user name");
    refused(issuer.claims().subject(""), "no user name");
    refused(issuer.claims().subject("a\nb"), "no user name");
    refused(issuer.claims().subject("x".repeat(600)), "no user name");

    JwtPasswords byEmail = passwords("email");
    JWTClaimsSet.Builder claims = issuer.claims().claim("email", "a@example.com");
    assertThat(byEmail.authenticate("x", issuer.sign(claims)))
        .extracting(Caller::name)
        .isEqualTo("a@example.com");
    refused(byEmail, issuer.sign(claims.claim("email_verified", false)), "not verified");
    refused(byEmail, issuer.sign(claims.claim("email_verified", "false")), "not verified");
  }

  @Test
  void aPasswordThatIsNoTokenIsSomebodyElses() throws Exception {
    assertThat(passwords.authenticate("alice", "correct horse")).isNull();
    assertThat(passwords.authenticate("alice", "eyeful.of.words")).isNull();
    assertThat(passwords.authenticate("alice", "")).isNull();
  }

  @Test
  void aTokenCountsInItsTimeWithALittleSkew() throws Exception {
    String token = issuer.sign(issuer.claims());

    clock.move(Duration.ofMinutes(10).plusSeconds(20));
    assertThat(passwords.authenticate("x", token)).isNotNull();

    clock.move(Duration.ofSeconds(20));
    refused(passwords, token, "expired");
    refused(
        issuer.claims().notBeforeTime(Date.from(clock.instant().plusSeconds(60))), "not valid now");
    refused(issuer.claims().expirationTime(null), "needs an exp");
  }

  @Test
  void aTokenForSomebodyElseIsRefused() {
    refused(issuer.claims().audience("https://other.example.com"), AUDIENCE);
    refused(issuer.claims().audience((String) null), AUDIENCE);
    refused(issuer.claims().issuer("https://other.example.com"), "takes no tokens of the issuer");
  }

  @Test
  void theAlgorithmIsNotTheTokensToChoose() throws JOSEException {
    // Given a public key, which everybody knows, as the secret of a symmetric signature
    byte[] known = issuer.key().toRSAPublicKey().getEncoded();
    JWSHeader symmetric =
        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(issuer.key().getKeyID()).build();

    refused(
        passwords,
        TestIssuer.sign(symmetric, issuer.claims(), new MACSigner(known)),
        "not signed with a key");
  }

  @Test
  void aTokenThatIsNotSignedIsNone() throws Exception {
    assertThat(passwords.authenticate("x", new PlainJWT(issuer.claims().build()).serialize()))
        .isNull();
  }

  @Test
  void aKeyThatTheTokenBringsAlongIsNotLookedAt() {
    RSAKey foreign = TestIssuer.newKey(issuer.key().getKeyID());
    JWSHeader.Builder header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(foreign.getKeyID())
            .jwk(foreign.toPublicJWK())
            .jwkURL(URI.create("https://attacker.example.com/keys"));

    refused(
        passwords,
        TestIssuer.sign(header.build(), issuer.claims(), TestIssuer.signer(foreign)),
        "not signed with a key");
  }

  @Test
  void aSignatureThatIsChangedIsRefused() {
    String token = issuer.sign(issuer.claims());
    String payload =
        Base64URL.encode(issuer.claims().subject("root").build().toString().getBytes(UTF_8))
            .toString();
    String[] parts = token.split("\\.", -1);

    refused(passwords, parts[0] + '.' + payload + '.' + parts[2], "not signed with a key");
  }

  @Test
  void rotatedKeysAreFoundAndUnknownOnesAreNotAskedForAllTheTime() throws Exception {
    // Given
    assertThat(passwords.authenticate("x", issuer.sign(issuer.claims()))).isNotNull();

    // When
    issuer.rotate();

    // Then
    assertThat(passwords.authenticate("x", issuer.sign(issuer.claims()))).isNotNull();
    RSAKey foreign = TestIssuer.newKey("made up");
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("made up").build();
    int before = issuer.asked.get();
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(
              () ->
                  passwords.authenticate(
                      "x", TestIssuer.sign(header, issuer.claims(), TestIssuer.signer(foreign))))
          .isInstanceOfAny(InvalidCredentialException.class, OciException.class);
    }
    assertThat(issuer.asked.get() - before).isLessThan(3);
  }

  @Test
  void anIssuerThatDoesNotAnswerIsNobodysWrongPassword() {
    String token = issuer.sign(issuer.claims());
    issuer.close();

    unavailable(token);
  }

  @Test
  void whoeverCallsItselfOtherwiseIsNotTheIssuer() {
    issuer.callItself("https://other.example.com");

    unavailable(issuer.sign(issuer.claims()));
  }

  private void unavailable(String token) {
    assertThatThrownBy(() -> passwords.authenticate("x", token))
        .asInstanceOf(type(OciException.class))
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.UNAVAILABLE);
  }

  private void refused(JWTClaimsSet.Builder claims, String why) {
    refused(passwords, issuer.sign(claims), why);
  }

  private static void refused(JwtPasswords passwords, String token, String why) {
    assertThatThrownBy(() -> passwords.authenticate("x", token))
        .isInstanceOf(InvalidCredentialException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining(token);
  }

  private JwtPasswords passwords(
      String usernameClaim, RegistryConfiguration.RequiredClaim... required) {
    RegistryConfiguration configuration =
        TestConfigurations.withOidc(
            new RegistryConfiguration.Oidc(
                issuer.url(), AUDIENCE, usernameClaim, "groups", List.of(required), null));
    return new JwtPasswords(
        new OidcTokens(configuration, new FilePoller(), clock),
        new ServiceAccountTokens(new NoPolicy(), new RegistryHosts(configuration), clock));
  }

  private static final class NoPolicy implements PolicyIdentities {
    @Override
    public Optional<ClusterTokens> clusterTokens() {
      return Optional.empty();
    }

    @Override
    public Optional<PullSecrets> pullSecrets(String policy) {
      return Optional.empty();
    }

    @Override
    public boolean isCurrent(Caller caller) {
      return true;
    }
  }
}
