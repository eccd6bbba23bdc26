package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.embedded.resource.Json;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Tokens of ServiceAccounts, and how others tell that they are real. */
abstract class TokenContract extends ClaimContract {
  private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();

  @Test
  void aTokenSaysWhoseItIsAndIsSignedWithAPublishedKey() throws Exception {
    // Given
    ServiceAccount account = client.resource(account("builder")).create();

    // When
    TokenRequest issued =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName("builder")
            .tokenRequest(request(1200L));

    // Then
    String[] parts = issued.getStatus().getToken().split("\\.", -1);
    JsonNode claims = decoded(parts[1]);
    assertThat(claims.path("iss"))
        .isEqualTo(Json.read(client.raw("/.well-known/openid-configuration")).path("issuer"));
    assertThat(claims.path("aud").toString()).isEqualTo("[\"https://registry.example.com\"]");
    assertThat(claims.path("sub").asText())
        .isEqualTo("system:serviceaccount:%s:builder".formatted(namespace));
    assertThat(claims.at("/kubernetes.io/serviceaccount/uid").asText())
        .isEqualTo(account.getMetadata().getUid());
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(1200);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(published(decoded(parts[0]).path("kid").asText()));
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(BASE64.decode(parts[2]))).isTrue();
  }

  @Test
  void noTokenIsIssuedForWhomThereIsNotNorForAMoment() {
    client.resource(account("builder")).create();

    assertThatThrownBy(
            () ->
                client
                    .serviceAccounts()
                    .inNamespace(namespace)
                    .withName("nobody")
                    .tokenRequest(request(1200L)))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(404));
    assertThatThrownBy(
            () ->
                client
                    .serviceAccounts()
                    .inNamespace(namespace)
                    .withName("builder")
                    .tokenRequest(request(1L)))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422));
  }

  private ServiceAccount account(String name) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .build();
  }

  private static TokenRequest request(long seconds) {
    return new TokenRequestBuilder()
        .withNewSpec()
        .withAudiences("https://registry.example.com")
        .withExpirationSeconds(seconds)
        .endSpec()
        .build();
  }

  private PublicKey published(String id) throws Exception {
    JsonNode key =
        StreamSupport.stream(
                Json.read(client.raw("/openid/v1/jwks")).path("keys").spliterator(), false)
            .filter(published -> published.path("kid").asText().equals(id))
            .findFirst()
            .orElseThrow();
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(number(key.path("n")), number(key.path("e"))));
  }

  private static BigInteger number(JsonNode encoded) {
    return new BigInteger(1, BASE64.decode(encoded.asText()));
  }

  private static JsonNode decoded(String part) throws IOException {
    return Json.read(new String(BASE64.decode(part), StandardCharsets.UTF_8));
  }
}
