package dev.berth.registry.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.eventloop.EventLoop;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.identity.InvalidCredentialException;
import dev.berth.registry.identity.RegistryHosts;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Makes and verifies tokens: JWTs signed with ES256. A signature is verified once in a token's
 * life, its times at every use.
 */
@Singleton
final class Tokens {
  private static final JWSAlgorithm ALGORITHM = JWSAlgorithm.ES256;

  /** By how much the clocks of two replicas may differ. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  /** Of a token, whatever it was given for: the time of one push or pull to begin. */
  private static final Duration SHORTEST = Duration.ofSeconds(60);

  private final SigningKeys keys;
  private final String host;
  private final Duration lifetime;
  private final Clock clock;
  private final Cache<String, Token> verified;

  Tokens(RegistryConfiguration configuration, SigningKeys keys, RegistryHosts hosts, Clock clock) {
    this.keys = keys;
    this.host = hosts.canonical();
    this.lifetime = configuration.authentication().tokenLifetime();
    this.clock = clock;
    this.verified = Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(lifetime).build();
    keys.onChange(verified::invalidateAll);
  }

  Token.Issued issue(Caller caller, List<TokenAccess> access, boolean catalog) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = now.plus(lifetime);
    Instant proofEnds = caller.until();
    if (proofEnds != null && proofEnds.isBefore(end)) {
      // Clients take what has no time left for something else than ended.
      end = proofEnds.isAfter(now.plus(SHORTEST)) ? proofEnds : now.plus(SHORTEST);
    }
    Token token = new Token(caller, access, catalog, now, now, end);
    SigningKey key = keys.current();
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(ALGORITHM).type(JOSEObjectType.JWT).keyID(key.id()).build(),
            TokenClaims.write(host, token));
    try {
      jwt.sign(new ECDSASigner(key.key()));
    } catch (JOSEException e) {
      throw new IllegalStateException("a P-256 key signs with ES256", e);
    }
    return new Token.Issued(jwt.serialize(), now, Duration.between(now, end).toSeconds());
  }

  Token verify(String value) throws InvalidCredentialException {
    Token token = verified.getIfPresent(value);
    if (token == null) {
      token = parse(value);
      verified.put(value, token);
    }
    Instant now = clock.instant();
    if (!now.isBefore(token.expiresAt())) {
      throw new InvalidCredentialException("the token has expired, get a new one");
    }
    if (now.plus(SKEW).isBefore(token.notBefore()) || now.plus(SKEW).isBefore(token.madeAt())) {
      throw new InvalidCredentialException("the token is not yet valid, check the clocks");
    }
    return token;
  }

  private Token parse(String value) throws InvalidCredentialException {
    EventLoop.leave();
    try {
      SignedJWT jwt = SignedJWT.parse(value);
      if (!ALGORITHM.equals(jwt.getHeader().getAlgorithm())) {
        throw notOurs();
      }
      SigningKey key = keys.find(jwt.getHeader().getKeyID()).orElseThrow(Tokens::notOurs);
      if (!jwt.verify(new ECDSAVerifier(key.key()))) {
        throw notOurs();
      }
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      if (!host.equals(claims.getIssuer()) || !claims.getAudience().contains(host)) {
        throw notOurs();
      }
      return TokenClaims.read(claims);
    } catch (ParseException | JOSEException | RuntimeException e) {
      // Whatever a parser thinks of a client's bytes, it is not a fault of the server.
      throw notOurs();
    }
  }

  private static InvalidCredentialException notOurs() {
    return new InvalidCredentialException("the token was not made by this registry, get a new one");
  }
}
