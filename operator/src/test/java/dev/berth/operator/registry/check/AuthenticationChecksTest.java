package dev.berth.operator.registry.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.registry.check.Finding.Effect;
import dev.berth.operator.tls.CertificateIssuer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * What keeps callers of issuers and of a directory from logging in, in the words for their user.
 */
@NullUnmarked // a null is a failed test
class AuthenticationChecksTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final String CLUSTER = "https://kubernetes.default.svc";
  private static final String AUTHORITY =
      new CertificateIssuer(Clock.fixed(NOW, ZoneOffset.UTC))
          .selfSigned(List.of("issuer.example.com"), Duration.ofDays(90))
          .certificate();

  private static final String OIDC =
      """
      {oidc: [{issuer: "https://a.example", audience: x, caSecretRef: {name: ca, key: root.pem}},
              {issuer: "https://b.example", audience: x}]}
      """;
  private static final String LDAP =
      """
      {ldap: {url: "ldaps://ldap.example.com", userSearchBase: "o=a", bindSecretRef: {name: bind},
              caSecretRef: {name: ca}}}
      """;

  @Test
  void whatIsThereAndOfUseIsNoFinding() {
    assertThat(findings(OIDC, Map.of("ca", Map.of("root.pem", AUTHORITY)))).isEmpty();
    assertThat(
            findings(
                LDAP,
                Map.of(
                    "ca",
                    Map.of("ca.crt", AUTHORITY),
                    "bind",
                    Map.of("dn", "cn=reader", "password", "secret"))))
        .isEmpty();
    assertThat(findings("{}", Map.of())).isEmpty();
  }

  @Test
  void aSecretThatIsMissingIsNamedWithWhoCannotLogIn() {
    assertThat(findings(OIDC, Map.of()))
        .containsExactly(
            finding(
                Reason.SECRET_MISSING,
                "There is no Secret ca in this namespace, so no token of https://a.example is accepted"));
    assertThat(findings(LDAP, Map.of()))
        .containsExactly(
            finding(
                Reason.SECRET_MISSING,
                "There is no Secret bind in this namespace, so no user of ldaps://ldap.example.com can log in"),
            finding(
                Reason.SECRET_MISSING,
                "There is no Secret ca in this namespace, so no user of ldaps://ldap.example.com can log in"));
  }

  @Test
  void aSecretWithoutTheKeyIsInvalid() {
    assertThat(findings(OIDC, Map.of("ca", Map.of("ca.crt", AUTHORITY))))
        .containsExactly(
            finding(
                Reason.SECRET_INVALID,
                "Secret ca has no key root.pem, so no token of https://a.example is accepted"));
    assertThat(
            findings(
                LDAP,
                Map.of(
                    "ca",
                    Map.of("ca.crt", AUTHORITY),
                    "bind",
                    Map.of("dn", "cn=a", "password", ""))))
        .containsExactly(
            finding(
                Reason.SECRET_INVALID,
                "Secret bind has no key password, or an empty one, so no user of"
                    + " ldaps://ldap.example.com can log in"));
  }

  @Test
  void anAuthorityThatIsNoCertificateIsInvalidAndNotQuoted() {
    assertThat(findings(OIDC, Map.of("ca", Map.of("root.pem", "-----BEGIN PRIVATE KEY-----"))))
        .containsExactly(
            finding(
                Reason.SECRET_INVALID,
                "Secret ca, key root.pem, is no PEM certificate, so no token of https://a.example is"
                    + " accepted"));
  }

  @Test
  void anIssuerThatCannotBeToldFromAnotherIsInvalid() {
    // Given
    String twice =
        """
        {oidc: [{issuer: "https://a.example", audience: x}, {issuer: "https://b.example", audience: x},
                {issuer: "https://a.example", audience: "y"}]}
        """;
    String clusters = "oidc: [{issuer: \"https://kubernetes.default.svc\", audience: x}]";

    // When, Then
    assertThat(findings(twice, Map.of()))
        .containsExactly(
            finding(
                Reason.INVALID_SPEC,
                "spec.authentication.oidc[2].issuer https://a.example is that of oidc[0] too, and left"
                    + " out"));
    assertThat(findings("{%s}".formatted(clusters), Map.of()))
        .containsExactly(
            finding(
                Reason.INVALID_SPEC,
                "spec.authentication.oidc[0].issuer https://kubernetes.default.svc is this cluster's"
                    + " own, whose tokens authentication.serviceAccounts is about"));
    assertThat(findings("{%s, serviceAccounts: {enabled: false}}".formatted(clusters), Map.of()))
        .isEmpty();
  }

  private static Finding finding(Reason reason, String message) {
    return new Finding(ConditionType.AUTHENTICATION_READY, reason, Effect.NOT_READY, message);
  }

  private static List<Finding> findings(
      String authentication, Map<String, Map<String, String>> secrets) {
    Registry registry =
        Serialization.unmarshal(
            """
            apiVersion: berth.dev/v1alpha1
            kind: Registry
            metadata: {name: main, namespace: registries}
            spec:
              authentication:
            %s
            """
                .formatted(authentication.strip().indent(4)),
            Registry.class);
    Map<String, Secret> found = new HashMap<>();
    secrets.forEach((name, texts) -> found.put(name, secret(texts)));
    return RegistryChecks.findings(
        registry,
        new References(
            null, found, CLUSTER, null, null, null, List.of(), null, null, null, null, null),
        NOW);
  }

  private static Secret secret(Map<String, String> texts) {
    SecretBuilder secret = new SecretBuilder();
    texts.forEach(
        (key, text) ->
            secret.addToData(
                key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return secret.build();
  }
}
