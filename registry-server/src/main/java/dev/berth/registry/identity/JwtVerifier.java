package dev.berth.registry.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.berth.registry.oci.OciException;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a token is its issuer's and meant for this registry. The keys are the issuer's
 * published ones alone, never what the token brings along, and the algorithms those with a public
 * key: nothing that was published can sign.
 */
final class JwtVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(JwtVerifier.class);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  /** By how much the clocks of an issuer and a replica may differ. */
  private static final int SKEW_SECONDS = 30;

  private static final long RETRY_AFTER_SECONDS = 5;

  private final String issuer;
  private final Set<String> audiences;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /**
   * Makes one for an issuer.
   *
   * @param audiences of which a token must name one
   */
  JwtVerifier(String issuer, Set<String> audiences, JWKSource<SecurityContext> keys, Clock clock) {
    this.issuer = issuer;
    this.audiences = audiences;
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            audiences, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp"), Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    claims.setMaxClockSkew(SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /**
   * The claims of a token that is good. May fetch keys.
   *
   * @throws InvalidCredentialException when it is not
   * @throws OciException UNAVAILABLE while there are no keys to tell by
   */
  JWTClaimsSet verify(SignedJWT token) throws InvalidCredentialException {
    try {
      return processor.process(token, (@Nullable SecurityContext) null);
    } catch (ExpiredJWTException e) {
      throw new InvalidCredentialException("the token has expired, get a new one from its issuer");
    } catch (BadJWTException e) {
      throw new InvalidCredentialException(
          "the token is not for this registry or not valid now: it needs an exp, and the aud "
              + String.join(" or ", audiences.stream().sorted().toList()));
    } catch (RateLimitReachedException e) {
      // The key is not among the known ones: it may be new, or made up.
      throw OciException.busy(
          "the key of the token is not known, and its issuer was asked a moment ago, try again",
          RETRY_AFTER_SECONDS);
    } catch (BadJOSEException e) {
      throw new InvalidCredentialException(
          "the token is not signed with a key that its issuer publishes");
    } catch (JOSEException e) {
      LOG.warn("the keys of {} cannot be had: {}", issuer, e.getMessage());
      throw OciException.busy(
          "the keys of the token's issuer cannot be had at the moment, try again",
          RETRY_AFTER_SECONDS);
    }
  }
}
