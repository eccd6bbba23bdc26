package dev.berth.registry.identity;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.berth.policy.ClusterTokens;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of the cluster's ServiceAccounts, made for this registry.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/">Claims
 *     of bound tokens</a>
 */
@Singleton
final class ServiceAccountTokens implements TokenIdentities {
  private final PolicyIdentities policy;
  private final RegistryHosts hosts;
  private final Clock clock;

  /** Made anew when the policy brings other keys. */
  private volatile @Nullable Prepared prepared;

  ServiceAccountTokens(PolicyIdentities policy, RegistryHosts hosts, Clock clock) {
    this.policy = policy;
    this.hosts = hosts;
    this.clock = clock;
  }

  @Override
  public boolean isOf(String issuer) {
    return policy.clusterTokens().filter(cluster -> cluster.issuer().equals(issuer)).isPresent();
  }

  @Override
  public Caller caller(SignedJWT token, String issuer) throws InvalidCredentialException {
    Optional<ClusterTokens> cluster = policy.clusterTokens();
    if (cluster.isEmpty()) {
      throw new InvalidCredentialException("this registry takes no tokens of ServiceAccounts");
    }
    JWTClaimsSet claims = verifier(cluster.get()).verify(token);
    Caller caller = caller(claims, issuer).until(claims.getExpirationTime().toInstant());
    if (!policy.isCurrent(caller)) {
      throw new InvalidCredentialException(
          "the token is of the ServiceAccount "
              + caller.name()
              + ", which no AccessPolicy of this registry names, or which was deleted since");
    }
    return caller;
  }

  private static Caller caller(JWTClaimsSet claims, String issuer)
      throws InvalidCredentialException {
    try {
      Map<String, Object> kubernetes = claims.getJSONObjectClaim("kubernetes.io");
      if (kubernetes != null
          && kubernetes.get("namespace") instanceof String namespace
          && kubernetes.get("serviceaccount") instanceof Map<?, ?> account
          && account.get("name") instanceof String name
          && account.get("uid") instanceof String uid
          && ("system:serviceaccount:" + namespace + ':' + name).equals(claims.getSubject())) {
        return Caller.serviceAccount(namespace, name, uid, issuer);
      }
    } catch (ParseException e) {
      // The same as without the claim.
    }
    throw new InvalidCredentialException("the token is not of a ServiceAccount");
  }

  private JwtVerifier verifier(ClusterTokens cluster) throws InvalidCredentialException {
    Prepared known = prepared;
    if (known == null
        || !known.keys.equals(cluster.keys())
        || !known.issuer.equals(cluster.issuer())) {
      try {
        ImmutableJWKSet<SecurityContext> keys = new ImmutableJWKSet<>(JWKSet.parse(cluster.keys()));
        known =
            new Prepared(
                cluster.issuer(),
                cluster.keys(),
                new JwtVerifier(cluster.issuer(), hosts.urls(), keys, clock));
      } catch (ParseException e) {
        throw new InvalidCredentialException(
            "the policy document has no readable keys of the cluster, so no token can be verified");
      }
      prepared = known;
    }
    return known.verifier;
  }

  private record Prepared(String issuer, String keys, JwtVerifier verifier) {}
}
