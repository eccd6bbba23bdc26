package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.berth.policy.Action;
import dev.berth.registry.cli.TestCertificates;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.config.TestConfigurations;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.identity.InvalidCredentialException;
import dev.berth.registry.identity.RegistryHosts;
import dev.berth.registry.watch.FilePoller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokensTest {
  private static final Caller ALICE = Caller.user("alice", Set.of("platform", "dev"), "htpasswd");
  private static final List<TokenAccess> ACCESS =
      List.of(new TokenAccess("team-a/app", Set.of(Action.PULL, Action.PUSH), "uid-1"));

  @TempDir Path folder;

  private final MutableClock clock = new MutableClock();
  private RegistryConfiguration configuration;
  private SigningKeys keys;
  private Tokens tokens;
  private Path keyFile;

  @BeforeEach
  void make() throws IOException {
    keyFile = folder.resolve("signing.pem");
    Files.write(keyFile, TestCertificates.ec("k").pkcs8Pem());
    configuration = TestConfigurations.withSigningKey(keyFile);
    keys = new SigningKeys(configuration, new FilePoller(), clock);
    tokens = tokens(keys);
  }

  private Tokens tokens(SigningKeys signingKeys) {
    return new Tokens(configuration, signingKeys, new RegistryHosts(configuration), clock);
  }

  @Test
  void whatIsIssuedIsVerified() throws Exception {
    Token.Issued issued = tokens.issue(ALICE, ACCESS, false);

    Token token = tokens.verify(issued.value());

    assertThat(token.caller()).isEqualTo(ALICE);
    assertThat(token.access()).isEqualTo(ACCESS);
    assertThat(token.madeAt()).isEqualTo(clock.instant());
    assertThat(token.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
    assertThat(issued.lifetimeSeconds()).isEqualTo(300);
  }

  @Test
  void anAnonymousTokenIsNobodys() throws Exception {
    Token token = tokens.verify(tokens.issue(Caller.ANONYMOUS, List.of(), false).value());

    assertThat(token.caller().isAnonymous()).isTrue();
  }

  @Test
  void aReplicaWithTheSameKeyFileAcceptsIt() throws Exception {
    Tokens replica = tokens(new SigningKeys(configuration, new FilePoller(), clock));

    assertThat(replica.verify(tokens.issue(ALICE, ACCESS, false).value()).caller())
        .isEqualTo(ALICE);
  }

  @Test
  void aServerWithAKeyOfItsOwnDoesNot() {
    Tokens other = tokens(new SigningKeys(TestConfigurations.minimal(), new FilePoller(), clock));

    assertRefused(other, tokens.issue(ALICE, ACCESS, false).value(), "not made by this registry");
  }

  @Test
  void anExpiredTokenIsRefusedAlsoWhenItWasVerifiedBefore() throws Exception {
    String value = tokens.issue(ALICE, ACCESS, false).value();
    tokens.verify(value);

    clock.move(Duration.ofMinutes(5).minusMillis(1));
    assertThat(tokens.verify(value).caller()).isEqualTo(ALICE);
    clock.move(Duration.ofMillis(1));

    assertRefused(tokens, value, "has expired");
  }

  @Test
  void aTokenFromTheFutureIsRefusedButForALittleSkew() throws Exception {
    clock.move(Duration.ofSeconds(9));
    String slightly = tokens.issue(ALICE, ACCESS, false).value();
    clock.move(Duration.ofHours(1));
    String far = tokens.issue(ALICE, ACCESS, false).value();
    clock.move(Duration.ofHours(-1).minusSeconds(9));

    assertThat(tokens.verify(slightly).caller()).isEqualTo(ALICE);
    assertRefused(tokens, far, "not yet valid");
  }

  @Test
  void aReplacedKeyIsGoodForAsLongAsItsTokensLive() throws Exception {
    FilePoller poller = new FilePoller();
    SigningKeys changing = new SigningKeys(configuration, poller, clock);
    Tokens before = tokens(changing);
    clock.move(Duration.ofSeconds(1));
    String old = before.issue(ALICE, ACCESS, false).value();

    Files.write(keyFile, TestCertificates.ec("next").pkcs8Pem());
    poller.look();

    assertThat(before.verify(old).caller()).isEqualTo(ALICE);
    assertThat(SignedJWT.parse(before.issue(ALICE, ACCESS, false).value()).getHeader().getKeyID())
        .isNotEqualTo(SignedJWT.parse(old).getHeader().getKeyID());
    clock.move(Duration.ofMinutes(5));
    assertThat(changing.find(SignedJWT.parse(old).getHeader().getKeyID())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "a.b.c.d.e", "\u0000", "🦑.🦑.🦑"})
  void whatIsNoTokenIsRefused(String value) {
    assertRefused(tokens, value, "not made by this registry");
  }

  @Test
  void aTokenWithoutSignatureIsRefused() {
    assertRefused(tokens, new PlainJWT(claims(c -> c)).serialize(), "not made by this registry");
  }

  @Test
  void aTokenSignedWithThePublicKeyAsSecretIsRefused() throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(keys.current().id()).build(),
            claims(c -> c));
    jwt.sign(new MACSigner(keys.current().key().toECPublicKey().getEncoded()));

    assertRefused(tokens, jwt.serialize(), "not made by this registry");
  }

  @Test
  void aTokenSignedWithRsaIsRefused() throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keys.current().id()).build(),
            claims(c -> c));
    jwt.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));

    assertRefused(tokens, jwt.serialize(), "not made by this registry");
  }

  @Test
  void aKeyThatTheTokenBringsAlongIsNotUsed() throws Exception {
    SigningKey own = SigningKey.random();
    for (String id : new String[] {keys.current().id(), own.id()}) {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256)
                  .type(JOSEObjectType.JWT)
                  .keyID(id)
                  .jwk(own.key().toPublicJWK())
                  .build(),
              claims(c -> c));
      jwt.sign(new ECDSASigner(own.key()));

      assertRefused(tokens, jwt.serialize(), "not made by this registry");
    }
  }

  @Test
  void aTokenWithoutKeyNameIsRefused() throws Exception {
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims(c -> c));
    jwt.sign(new ECDSASigner(keys.current().key()));

    assertRefused(tokens, jwt.serialize(), "not made by this registry");
  }

  @Test
  void aTokenWithACriticalHeaderThatNobodyKnowsIsRefused() throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID(keys.current().id())
                .criticalParams(Set.of("x"))
                .customParam("x", 1)
                .build(),
            claims(c -> c));
    jwt.sign(new ECDSASigner(keys.current().key()));

    assertRefused(tokens, jwt.serialize(), "not made by this registry");
  }

  @Test
  void aChangedPayloadIsRefused() {
    String[] parts = tokens.issue(ALICE, ACCESS, false).value().split("\\.", -1);
    String other =
        tokens
            .issue(Caller.user("root", Set.of(), "htpasswd"), ACCESS, false)
            .value()
            .split("\\.", -1)[1];

    assertRefused(tokens, parts[0] + "." + other + "." + parts[2], "not made by this registry");
  }

  @Test
  void wrongIssuerAudienceOrMissingTimesAreRefused() throws Exception {
    assertThat(tokens.verify(signed(claims(c -> c))).caller().name()).isEqualTo("alice");
    assertRefused(tokens, signed(claims(c -> c.issuer("other"))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.issuer(null))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.audience("other"))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.audience(List.of()))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.expirationTime(null))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.issueTime(null))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.notBeforeTime(null))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.claim("caller_kind", null))), "not made by");
    assertRefused(tokens, signed(claims(c -> c.claim("caller_kind", "Root"))), "not made by");
  }

  @Test
  void aTokenEndsWithWhatProvedItsCaller() throws Exception {
    Token.Issued issued = tokens.issue(ALICE.until(clock.instant().plusSeconds(90)), ACCESS, false);

    assertThat(issued.lifetimeSeconds()).isEqualTo(90);
    clock.move(Duration.ofSeconds(89));
    assertThat(tokens.verify(issued.value()).caller().name()).isEqualTo("alice");
    clock.move(Duration.ofSeconds(1));
    assertRefused(tokens, issued.value(), "expired");
  }

  @Test
  void accessThatIsNotAsWeWriteItGrantsNothing() throws Exception {
    Token token =
        tokens.verify(
            signed(claims(c -> c.claim("access", List.of("x", 1, List.of(), Map.of("name", 1))))));

    assertThat(token.access()).isEmpty();
  }

  private JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
    Instant now = clock.instant();
    return change
        .apply(
            new JWTClaimsSet.Builder()
                .issuer("registry.example.com")
                .audience("registry.example.com")
                .subject("alice")
                .claim("caller_kind", "User")
                .claim("caller_issuer", "htpasswd")
                .claim("caller_incarnation", "")
                .claim("groups", List.of())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60))))
        .build();
  }

  private String signed(JWTClaimsSet claims) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keys.current().id()).build(), claims);
    jwt.sign(new ECDSASigner(keys.current().key()));
    return jwt.serialize();
  }

  private static void assertRefused(Tokens tokens, String value, String message) {
    assertThatThrownBy(() -> tokens.verify(value))
        .isInstanceOf(InvalidCredentialException.class)
        .hasMessageContaining(message);
  }
}
