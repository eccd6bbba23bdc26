package dev.berth.operator.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.tls.CertificateIssuer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of the keys Secret, and what is made anew. */
class KeyMaterialTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final RegistryNames NAMES = new RegistryNames("main", "registries");
  private static final CertificateIssuer ISSUER = issuer(NOW);
  private static final Map<String, String> KEPT = complete(Map.of());

  @Test
  void whatIsKeptStaysAsItIs() {
    assertThat(complete(KEPT)).isEqualTo(KEPT);
  }

  @ParameterizedTest
  @CsvSource({
    "signing.pem, signing.pem",
    "management.token, management.token",
    "pull-secrets.key, pull-secrets.key",
    "management.crt, management.crt management.key",
    "management.key, management.crt management.key",
    "ca.crt, ca.crt ca.key",
    "ca.key, ca.crt ca.key"
  })
  void whatCannotBeUsedIsMadeAnewAndTheRestStays(String damaged, String renewed) {
    for (String value : List.of("nonsense", "", "-----BEGIN CERTIFICATE-----\nAAAA\n", "a\nb")) {
      // Given
      Map<String, String> data = new HashMap<>(KEPT);
      data.put(damaged, value);

      // When
      Map<String, String> completed = complete(data);

      // Then
      assertThat(changed(completed))
          .containsExactlyElementsOf(new TreeSet<>(List.of(renewed.split(" "))));
      assertThat(complete(completed)).isEqualTo(completed);
    }
  }

  @Test
  void whatAnEarlierVersionKeptGetsTheKeyOfPullSecrets() {
    // Given
    Map<String, String> earlier = new HashMap<>(KEPT);
    earlier.remove("pull-secrets.key");

    // When
    Map<String, String> completed = complete(earlier);

    // Then
    assertThat(changed(completed)).containsExactly("pull-secrets.key");
    assertThat(Base64.getDecoder().decode(completed.get("pull-secrets.key"))).hasSize(32);
  }

  @Test
  void aKeyOfAnotherCertificateIsNotKept() {
    // Given
    Map<String, String> data = new HashMap<>(KEPT);
    data.put("ca.key", Objects.requireNonNull(complete(Map.of()).get("ca.key")));

    // When, Then
    assertThat(changed(complete(data))).containsExactly("ca.crt", "ca.key");
  }

  @Test
  void aCertificateThatMayIssueNoneIsNoAuthority() {
    // Given
    Map<String, String> data = new HashMap<>(KEPT);
    data.put("ca.crt", Objects.requireNonNull(KEPT.get("management.crt")));
    data.put("ca.key", Objects.requireNonNull(KEPT.get("management.key")));

    // When, Then
    assertThat(changed(complete(data))).containsExactly("ca.crt", "ca.key");
  }

  @Test
  void onlyThePinnedCertificateEndsWithItsTimeSinceNobodyElseTrustsIt() {
    // Given
    CertificateIssuer later = issuer(NOW.plus(Duration.ofDays(4000)));

    // When
    Map<String, String> completed = KeyMaterial.complete(NAMES, later, KEPT::get).data();

    // Then
    assertThat(changed(completed)).containsExactly("management.crt", "management.key");
  }

  @Test
  void nothingOfItIsInItsText() {
    assertThat(KeyMaterial.complete(NAMES, ISSUER, KEPT::get).toString())
        .isEqualTo("KeyMaterial[]");
  }

  private static Map<String, String> complete(Map<String, String> kept) {
    return KeyMaterial.complete(NAMES, ISSUER, kept::get).data();
  }

  private static Set<String> changed(Map<String, String> data) {
    return data.keySet().stream()
        .filter(key -> !Objects.equals(data.get(key), KEPT.get(key)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static CertificateIssuer issuer(Instant now) {
    return new CertificateIssuer(Clock.fixed(now, ZoneOffset.UTC));
  }
}
