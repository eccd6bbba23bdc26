package dev.berth.operator.registry.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.certmanager.CertManagerCertificate;
import dev.berth.operator.certmanager.CertManagerLookup;
import dev.berth.operator.certmanager.CertManagerStatus;
import dev.berth.operator.registry.check.Finding.Effect;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a certificate of somebody else is reported for. */
@NullUnmarked // a null is a failed test
class CertificateChecksTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final String HOST = "registry.example.com";

  private record Issued(X509Certificate certificate, KeyPair keys) {}

  private enum Kind {
    AUTHORITY,
    SERVER,
    CLIENT
  }

  private Issued root;
  private Issued middle;
  private Issued leaf;

  @BeforeEach
  void issue() throws Exception {
    root = issue("root", null, Kind.AUTHORITY, 3650);
    middle = issue("middle", root, Kind.AUTHORITY, 1000);
    leaf = issue(HOST, middle, Kind.SERVER, 90);
  }

  @Test
  void aWholeChainIsFineWithAndWithoutItsAuthority() {
    assertThat(provided(secret(null, leaf, middle))).isEmpty();
    assertThat(provided(secret(root, leaf, middle))).isEmpty();
    assertThat(provided(secret(root, leaf, middle, root))).isEmpty();
    assertThat(provided(secret(middle, leaf))).isEmpty();
  }

  @Test
  void aMissingIntermediateIsNamed() {
    assertThat(provided(secret(root, leaf)))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.reason()).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
              assertThat(finding.message()).contains("CN=middle").contains("missing");
              assertThat(finding.effect()).isEqualTo(Effect.NOT_READY);
            });
  }

  @Test
  void theOrderOfTheChainAndWhatIsNotInItDoNotMatter() throws Exception {
    // Given: what the server leaves out, though it has ended
    Issued ended = issue("ended", null, Kind.AUTHORITY, 0);

    // When, Then
    assertThat(provided(secret(root, leaf, root, middle))).isEmpty();
    assertThat(provided(secret(root, leaf, ended, middle))).isEmpty();
  }

  @Test
  void anAuthorityOfTheSameNameThatDidNotSignIsNamed() throws Exception {
    // Given
    Issued namesake = issue("middle", root, Kind.AUTHORITY, 1000);

    // When, Then
    assertThat(provided(secret(root, leaf, namesake)))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.reason()).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
              assertThat(finding.message()).contains("CN=middle").contains("did not sign");
            });
  }

  @Test
  void aCertificateForClientsOrOneThatAServerSignedServesNobody() throws Exception {
    // Given
    Issued client = issue(HOST, root, Kind.CLIENT, 90);
    Issued other = issue(HOST, leaf, Kind.SERVER, 90);

    // When, Then
    assertThat(reason(provided(secret(null, client)))).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
    assertThat(reason(provided(secret(null, other, leaf))))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void whatEndsFirstInTheChainCounts() throws Exception {
    // Given
    Issued brief = issue("brief", root, Kind.AUTHORITY, 10);
    Secret secret = secret(null, issue(HOST, brief, Kind.SERVER, 90), brief);

    // When, Then
    assertThat(findings(secret, NOW.plus(Duration.ofDays(9)))).isEmpty();
    assertThat(reason(findings(secret, NOW.plus(Duration.ofDays(10)))))
        .isEqualTo(Reason.CERTIFICATE_EXPIRED);
    assertThat(reason(findings(secret, NOW.minus(Duration.ofDays(2)))))
        .isEqualTo(Reason.SECRET_INVALID);
  }

  @Test
  void aKeyOfAnotherCertificateAndAnUnreadableAuthorityAreInvalid() {
    // Given
    Secret mixed = secret(null, leaf, middle);
    mixed.getData().put("tls.key", encoded(pem(root.keys().getPrivate())));
    Secret broken = secret(null, leaf, middle);
    broken.getData().put("ca.crt", encoded("nonsense"));

    // When, Then
    assertThat(reason(provided(mixed))).isEqualTo(Reason.SECRET_INVALID);
    assertThat(provided(broken))
        .hasValueSatisfying(finding -> assertThat(finding.message()).contains("ca.crt"));
  }

  @Test
  void aKindOfKeyThatTheServerDoesNotTakeIsInvalid() throws Exception {
    // Given
    Secret other = secret(null, leaf, middle);
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    other.getData().put("tls.key", encoded(pem(keys.getPrivate())));

    // When, Then
    assertThat(reason(provided(other))).isEqualTo(Reason.SECRET_INVALID);
    assertThat(provided(other))
        .hasValueSatisfying(finding -> assertThat(finding.message()).contains("keys of RSA"));
  }

  @Test
  void aHostThatIsNotNamedIsNotedAndTheRegistryIsReadyAllTheSame() throws Exception {
    assertThat(provided(secret(null, issue("other.example.com", root, Kind.SERVER, 90))))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.reason()).isEqualTo(Reason.HOST_NOT_COVERED);
              assertThat(finding.effect()).isEqualTo(Effect.NOTED);
              assertThat(finding.message()).contains(HOST);
            });
  }

  @Test
  void withoutCertManagerARegistryGoesOnWithTheCertificateThatItHas() {
    // Given
    CertManagerLookup absent = new CertManagerLookup(false, null, null);

    // When, Then
    assertThat(certManager(absent, null))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.reason()).isEqualTo(Reason.CERT_MANAGER_MISSING);
              assertThat(finding.effect()).isEqualTo(Effect.NOT_READY);
            });
    assertThat(certManager(absent, secret(null, leaf, middle)).map(Finding::effect))
        .contains(Effect.NOTED);
  }

  @Test
  void whatCertManagerSaysIsRelayedUntilItHasIssued() {
    assertThat(certManager(lookup("False", "the order failed", 2L), null))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.reason()).isEqualTo(Reason.CERTIFICATE_PENDING);
              assertThat(finding.message()).contains("the order failed");
            });
    assertThat(reason(certManager(lookup("True", "of an older spec", 1L), null)))
        .isEqualTo(Reason.CERTIFICATE_PENDING);
    assertThat(reason(certManager(lookup("True", "issued", 2L), null)))
        .isEqualTo(Reason.CERTIFICATE_PENDING);
    assertThat(certManager(lookup("True", "issued", 2L), secret(root, leaf, middle))).isEmpty();
    assertThat(reason(certManager(new CertManagerLookup(true, null, "forbidden"), null)))
        .isEqualTo(Reason.CERTIFICATE_PENDING);
  }

  private static CertManagerLookup lookup(String ready, String message, long observed) {
    CertManagerCertificate certificate = new CertManagerCertificate();
    certificate.getMetadata().setGeneration(2L);
    certificate.setStatus(
        new CertManagerStatus(
            List.of(new CertManagerStatus.Condition("Ready", ready, message, observed)), null));
    return new CertManagerLookup(true, certificate, null);
  }

  private static @Nullable Reason reason(Optional<Finding> finding) {
    return finding.map(Finding::reason).orElse(null);
  }

  private static Optional<Finding> provided(Secret secret) {
    return findings(secret, NOW);
  }

  private static Optional<Finding> findings(Secret secret, Instant now) {
    return CertificateChecks.provided(
            registry("secretRef: {name: cert}"), references(secret, null), now)
        .findFirst();
  }

  private static Optional<Finding> certManager(CertManagerLookup found, @Nullable Secret secret) {
    return CertificateChecks.certManager(
            registry("certManager: {issuerRef: {name: ca}}"), references(secret, found), NOW)
        .findFirst();
  }

  private static References references(
      @Nullable Secret tls, @Nullable CertManagerLookup certManager) {
    return new References(
        null, Map.of(), null, tls, null, null, List.of(), null, null, null, null, certManager);
  }

  private static Registry registry(String tls) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Registry
        metadata: {name: main, namespace: registries}
        spec: {externalHosts: [%s], tls: {%s}}
        """
            .formatted(HOST, tls),
        Registry.class);
  }

  private static Secret secret(@Nullable Issued authority, Issued... chain) {
    StringBuilder certificates = new StringBuilder();
    Stream.of(chain).forEach(one -> certificates.append(pem(one.certificate())));
    SecretBuilder secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("cert")
            .endMetadata()
            .addToData("tls.crt", encoded(certificates.toString()))
            .addToData("tls.key", encoded(pem(chain[0].keys().getPrivate())));
    return authority == null
        ? secret.build()
        : secret.addToData("ca.crt", encoded(pem(authority.certificate()))).build();
  }

  private static Issued issue(String name, @Nullable Issued by, Kind kind, int days)
      throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    X500Name subject = new X500Name("CN=" + name);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            by == null
                ? subject
                : new X500Name(by.certificate().getSubjectX500Principal().getName()),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(NOW.minus(Duration.ofDays(1))),
            Date.from(NOW.plus(Duration.ofDays(days))),
            subject,
            keys.getPublic());
    builder.addExtension(
        Extension.basicConstraints, true, new BasicConstraints(kind == Kind.AUTHORITY));
    if (kind != Kind.AUTHORITY) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              kind == Kind.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth));
    }
    KeyPair signer = by == null ? keys : by.keys();
    return new Issued(
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))),
        keys);
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
