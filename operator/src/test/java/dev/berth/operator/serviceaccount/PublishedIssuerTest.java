package dev.berth.operator.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What the API server publishes, as the policy document has it. */
@NullUnmarked // a null is a failed test
class PublishedIssuerTest {
  private static final String ISSUER = "{\"issuer\": \"https://cluster\", \"jwks_uri\": \"x\"}";

  @Test
  void equalKeysAreEqualTextInWhateverOrderAndWithWhateverElse() {
    // Given
    String one =
        """
        {"keys": [{"kty": "RSA", "kid": "b", "alg": "RS256", "use": "sig", "n": "AQAB", "e": "AQ"},
                  {"kid": "a", "kty": "EC", "crv": "P-256", "x": "AA", "y": "BB"}]}
        """;
    String other =
        """
        {"keys": [{"y": "BB", "x": "AA", "crv": "P-256", "kty": "EC", "kid": "a", "x5c": ["cert"]},
                  {"e": "AQ", "n": "AQAB", "kid": "b", "use": "sig", "kty": "RSA", "alg": "RS256", "d": "secret"}],
         "more": 1}
        """;

    // When, Then
    assertThat(published(ISSUER, one))
        .isEqualTo(published(ISSUER, other))
        .isEqualTo(
            new ClusterIssuer(
                "https://cluster",
                "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"BB\"},"
                    + "{\"kty\":\"RSA\",\"kid\":\"b\",\"alg\":\"RS256\",\"use\":\"sig\",\"n\":\"AQAB\",\"e\":\"AQ\"}]}"));
  }

  @Test
  void whatIsOfNoUseIsRefused() {
    String keys = "{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"a\"}]}";

    assertThatThrownBy(() -> published(null, keys)).hasMessageContaining("openid-configuration");
    assertThatThrownBy(() -> published(ISSUER, null)).hasMessageContaining("jwks");
    assertThatThrownBy(() -> published("{}", keys)).hasMessageContaining("no issuer");
    assertThatThrownBy(() -> published(ISSUER, "{\"keys\": []}")).hasMessageContaining("no keys");
    assertThatThrownBy(() -> published(ISSUER, "<html>")).hasMessageContaining("no JSON");
  }

  private static ClusterIssuer published(String configuration, String keys) {
    Map<String, String> content = new HashMap<>();
    content.put(PublishedIssuer.CONFIGURATION, configuration);
    content.put(PublishedIssuer.KEYS, keys);
    return PublishedIssuer.of(content::get);
  }
}
