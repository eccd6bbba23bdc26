package dev.berth.registry.identity;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an OpenID Connect issuer publishes, found by its discovery document.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">Discovery 1.0</a>
 */
final class PublishedKeys implements JWKSetSource<SecurityContext> {
  /** After which they are asked for again; a token with a key that is not there asks sooner. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  /** Two askings at most in this time, whatever keys tokens name. */
  private static final Duration BETWEEN = Duration.ofSeconds(30);

  /** For how long those that are known stay good while the issuer does not answer. */
  private static final Duration OUTAGE = Duration.ofHours(1);

  /** How long a request waits for another one that asks. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String DISCOVERY = "/.well-known/openid-configuration";

  private final String issuer;
  private final ResourceRetriever retriever;

  private PublishedKeys(String issuer, ResourceRetriever retriever) {
    this.issuer = issuer;
    this.retriever = retriever;
  }

  /** Those of an issuer, remembered, and asked for again when they change. */
  static JWKSource<SecurityContext> of(String issuer, ResourceRetriever retriever) {
    return JWKSourceBuilder.create(new PublishedKeys(issuer, retriever))
        .cache(KEPT.toMillis(), PATIENCE.toMillis())
        .refreshAheadCache(false)
        .rateLimited(BETWEEN.toMillis())
        .retrying(true)
        .outageTolerant(OUTAGE.toMillis())
        .build();
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
      throws KeySourceException {
    try {
      String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
      Map<String, Object> discovered =
          JSONObjectUtils.parse(retriever.retrieveResource(url(base + DISCOVERY)).getContent());
      if (!issuer.equals(discovered.get("issuer"))) {
        throw new JWKSetUnavailableException("its discovery document is of another issuer");
      }
      String keys = JSONObjectUtils.getString(discovered, "jwks_uri");
      if (keys == null || !keys.startsWith(scheme(issuer))) {
        throw new JWKSetUnavailableException(
            "its discovery document names no jwks_uri of its scheme");
      }
      return JWKSet.parse(retriever.retrieveResource(url(keys)).getContent());
    } catch (IOException | ParseException | IllegalArgumentException e) {
      throw new JWKSetUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    // Nothing is held between two askings.
  }

  private static String scheme(String url) {
    return url.substring(0, url.indexOf(':') + 1);
  }

  private static URL url(String text) throws MalformedURLException {
    return URI.create(text).toURL();
  }
}
