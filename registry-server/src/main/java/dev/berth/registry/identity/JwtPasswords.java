package dev.berth.registry.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.berth.registry.eventloop.EventLoop;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens that are given as a password, whatever the user name. */
@Singleton
final class JwtPasswords implements Authenticator {
  /** Of everything: what its issuer says is somebody else's. */
  private static final int MAX_LENGTH = 16 << 10;

  private final List<TokenIdentities> sources;

  JwtPasswords(OidcTokens oidc, ServiceAccountTokens serviceAccounts) {
    this.sources = List.of(serviceAccounts, oidc);
  }

  @Override
  public @Nullable Caller authenticate(String name, String password)
      throws InvalidCredentialException {
    SignedJWT token = token(password);
    if (token == null) {
      return null;
    }
    String issuer = issuer(token);
    for (TokenIdentities source : sources) {
      if (source.isOf(issuer)) {
        EventLoop.leave();
        return source.caller(token, issuer);
      }
    }
    throw new InvalidCredentialException("this registry takes no tokens of the issuer of this one");
  }

  /** Three parts, of which the first says that it is signed. */
  private static @Nullable SignedJWT token(String password) {
    if (password.length() > MAX_LENGTH || !password.startsWith("ey")) {
      return null;
    }
    try {
      return SignedJWT.parse(password);
    } catch (ParseException | RuntimeException e) {
      return null;
    }
  }

  private static String issuer(SignedJWT token) throws InvalidCredentialException {
    try {
      JWTClaimsSet claims = token.getJWTClaimsSet();
      return String.valueOf(claims.getIssuer());
    } catch (ParseException | RuntimeException e) {
      throw new InvalidCredentialException("the claims of the token cannot be read");
    }
  }
}
