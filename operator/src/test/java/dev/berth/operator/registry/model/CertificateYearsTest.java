package dev.berth.operator.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.tls.Authorities;
import dev.berth.operator.tls.CaRotation;
import dev.berth.operator.tls.CertificateFacts;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.operator.tls.KeyPairPem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fifteen years of a registry whose operator is killed between any two writes now and then, whose
 * pods take new certificates late, and whose user orders rotations. Who takes the published bundle
 * once a day trusts what is served at every moment.
 */
@NullUnmarked // a null is a failed test
class CertificateYearsTest {
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
  private static final Duration YEARS = Duration.ofDays(15 * 365);
  private static final RegistryNames NAMES = new RegistryNames("main", "registries");
  private static final int REPLICAS = 2;

  private record Published(Instant until, String bundle) {}

  private Instant now = START;
  private final InstantSource source = () -> now;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final CertificateIssuer issuer = new CertificateIssuer(clock);
  private final SelfSignedIssuing issuing = new SelfSignedIssuing(issuer, clock);
  private @Nullable String ordered;

  // What the cluster holds.
  private Map<String, String> keys = Map.of();
  private KeyPairPem certificate;
  private String bundle;
  private final List<Published> earlier = new ArrayList<>();
  private final KeyPairPem[] served = new KeyPairPem[REPLICAS];
  private Set<String> seen;

  private final Set<String> phases = new HashSet<>();
  private final Set<String> authorities = new HashSet<>();

  @ParameterizedTest
  @ValueSource(longs = 2)
  void whoTakesTheBundleOnceADayTrustsWhatIsServedAtEveryMoment(long seed) throws Exception {
    // Given
    Random random = new Random(seed);
    visit(3);
    int orders = 0;

    while (now.isBefore(START.plus(YEARS))) {
      // When
      boolean moves = keys.containsKey("next-ca.crt") || keys.containsKey("previous-ca.crt");
      now = now.plus(moves ? Duration.ofHours(2 + random.nextInt(9)) : Duration.ofDays(10));
      if (random.nextInt(150) == 0) {
        orders++;
        ordered = "order-" + orders;
      }
      visit(random.nextInt(4) == 0 ? random.nextInt(3) : 3);
      if (!moves) {
        visit(3); // within ten days an operator and every replica have come to it
      }
      for (int i = 0; i < REPLICAS; i++) {
        if (served[i] == null || !moves || random.nextInt(3) != 0) {
          served[i] = certificate;
        }
      }

      // Then
      check(seed);
    }
    assertThat(phases).containsExactlyInAnyOrder("Stable", "Announced", "Switched");
    assertThat(authorities).hasSizeBetween(3, 3 + orders);
    assertThat(keys.keySet()).as("nothing piles up").hasSizeLessThanOrEqualTo(11);
  }

  /** One visit, which is killed after so many of its three writes. */
  private void visit(int writes) throws Exception {
    SelfSignedIssuing.Issued issued =
        issuing.issue(
            NAMES,
            KeyMaterial.complete(NAMES, issuer, keys::get),
            new KeptSecrets(keys, certificate, bundle, null, seen),
            List.of("registry.example.com"),
            ordered);
    TlsModel.SelfSigned tls = issued.tls();
    if (writes > 0) {
      keys = new TreeMap<>(issued.keys().data());
      phases.add(tls.authorities().getClass().getSimpleName());
      authorities.add(tls.authorities().signing().certificate());
    }
    if (writes > 1) {
      if (bundle != null && !bundle.equals(tls.trusted())) {
        earlier.add(new Published(now, bundle));
      }
      bundle = tls.trusted();
    }
    if (writes > 2) {
      certificate = tls.server();
    }
    Set<String> fingerprints = new HashSet<>();
    for (KeyPairPem pair : served) {
      fingerprints.add(pair == null ? "" : CertificateFacts.of(pair).fingerprint());
    }
    // A killed operator remembers nothing of what it saw.
    seen = writes == 3 && tls.authorities() instanceof Authorities.Switched ? fingerprints : null;
  }

  private void check(long seed) throws Exception {
    List<String> trusted = new ArrayList<>(List.of(bundle));
    earlier.stream()
        .filter(old -> old.until().isAfter(now.minus(CaRotation.TRUST_PERIOD)))
        .forEach(old -> trusted.add(old.bundle()));
    for (KeyPairPem pair : served) {
      X509Certificate leaf = certificates(pair.certificate()).getFirst();
      leaf.checkValidity(Date.from(now));
      for (String clients : trusted) {
        assertThat(certificates(clients).stream().anyMatch(authority -> signed(leaf, authority)))
            .as("seed %d at %s: phase %s", seed, now, keys.keySet())
            .isTrue();
      }
    }
  }

  private boolean signed(X509Certificate leaf, X509Certificate authority) {
    try {
      authority.checkValidity(Date.from(now));
      leaf.verify(authority.getPublicKey());
      return leaf.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static List<X509Certificate> certificates(String pem) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
        .stream()
        .map(X509Certificate.class::cast)
        .collect(Collectors.toList());
  }
}
