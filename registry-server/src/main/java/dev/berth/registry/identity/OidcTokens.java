package dev.berth.registry.identity;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens of the configured OpenID Connect issuers. */
@Singleton
final class OidcTokens implements TokenIdentities {
  private static final int MAX_NAME = 512;
  private static final int MAX_GROUPS = 1000;
  private static final String EMAIL = "email";

  private final Map<String, Issuer> issuers;

  OidcTokens(RegistryConfiguration configuration, FilePoller poller, Clock clock) {
    this.issuers =
        configuration.authentication().oidc().stream()
            .collect(
                toUnmodifiableMap(
                    RegistryConfiguration.Oidc::issuer,
                    oidc ->
                        new Issuer(
                            oidc,
                            new JwtVerifier(
                                oidc.issuer(),
                                Set.of(oidc.audience()),
                                PublishedKeys.of(
                                    oidc.issuer(), new TrustedRetriever(oidc.caFile(), poller)),
                                clock))));
  }

  @Override
  public boolean isOf(String issuer) {
    return issuers.containsKey(issuer);
  }

  @Override
  public Caller caller(SignedJWT token, String name) throws InvalidCredentialException {
    Issuer issuer = issuers.get(name);
    if (issuer == null) {
      throw new InvalidCredentialException("this registry takes no tokens of " + name);
    }
    JWTClaimsSet claims = issuer.verifier.verify(token);
    for (RegistryConfiguration.RequiredClaim required : issuer.settings.requiredClaims()) {
      if (!holds(claims.getClaim(required.claim()), required.value())) {
        throw new InvalidCredentialException(
            "the claim " + required.claim() + " of the token is not " + required.value());
      }
    }
    return Caller.user(
            username(claims, issuer.settings.usernameClaim()),
            groups(claims.getClaim(issuer.settings.groupsClaim())),
            name)
        .until(claims.getExpirationTime().toInstant());
  }

  private static boolean holds(@Nullable Object claim, String value) {
    return claim instanceof Collection<?> list
        ? list.contains(value)
        : claim != null && claim.toString().equals(value);
  }

  private static String username(JWTClaimsSet claims, String claim)
      throws InvalidCredentialException {
    if (claims.getClaim(claim) instanceof String name
        && !name.isEmpty()
        && name.length() <= MAX_NAME
        && name.chars().noneMatch(Character::isISOControl)) {
      // Whoever may write any address into a profile is not that address's owner.
      Object verified = claims.getClaim("email_verified");
      if (claim.equals(EMAIL) && verified != null && !verified.toString().equals("true")) {
        throw new InvalidCredentialException("the email of the token is not verified");
      }
      return name;
    }
    throw new InvalidCredentialException("the token has no user name in its claim " + claim);
  }

  private static Set<String> groups(@Nullable Object claim) throws InvalidCredentialException {
    Set<String> groups = new LinkedHashSet<>();
    if (claim instanceof String one) {
      groups.add(one);
    } else if (claim instanceof Collection<?> many) {
      for (Object group : many) {
        if (group instanceof String name) {
          groups.add(name);
        }
      }
    }
    if (groups.size() > MAX_GROUPS) {
      throw new InvalidCredentialException(
          "the token names more than " + MAX_GROUPS + " groups, have its issuer name fewer");
    }
    return groups;
  }

  private record Issuer(RegistryConfiguration.Oidc settings, JwtVerifier verifier) {}
}
