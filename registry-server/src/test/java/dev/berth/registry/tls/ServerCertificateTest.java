package dev.berth.registry.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.registry.cli.TestCertificates;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ServerCertificateTest {
  private static final TestCertificates EC = TestCertificates.ec("ec");
  private static final TestCertificates RSA = TestCertificates.rsa("rsa");

  static Stream<List<byte[]>> good() {
    return Stream.of(
        List.of(EC.certificatePem(), EC.pkcs8Pem()),
        List.of(EC.certificatePem(), EC.traditionalPem()),
        List.of(RSA.certificatePem(), RSA.pkcs8Pem()),
        List.of(RSA.certificatePem(), RSA.traditionalPem()),
        List.of(both(EC.certificatePem(), RSA.certificatePem()), EC.pkcs8Pem()),
        List.of(both(EC.pkcs8Pem(), EC.certificatePem()), EC.pkcs8Pem()),
        List.of(both(EC.certificatePem(), EC.traditionalPem()), EC.pkcs8Pem()));
  }

  @ParameterizedTest
  @MethodSource("good")
  void readsEveryFormOfKey(List<byte[]> files) throws IOException {
    ServerCertificate read = ServerCertificate.read(files);

    assertThat(read.chain().getFirst().getPublicKey().getAlgorithm())
        .isEqualTo(read.key().getAlgorithm());
  }

  @Test
  void leavesOutCertificatesThatAreNotItsIssuers() throws IOException {
    byte[] files = both(EC.certificatePem(), RSA.certificatePem());

    ServerCertificate read = ServerCertificate.read(List.of(files, EC.pkcs8Pem()));

    assertThat(read.chain()).hasSize(1);
    assertThat(read.keyStore()).isNotNull();
  }

  @Test
  void refusesAKeyThatIsNotTheCertificates() {
    assertThatThrownBy(
            () ->
                ServerCertificate.read(
                    List.of(EC.certificatePem(), TestCertificates.ec("x").pkcs8Pem())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not for this key");
    assertThatThrownBy(() -> ServerCertificate.read(List.of(EC.certificatePem(), RSA.pkcs8Pem())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not for this key");
  }

  @Test
  void refusesAKindOfKeyThatClientsDoNotTake() {
    TestCertificates other = TestCertificates.ed25519("other");

    assertThatThrownBy(
            () -> ServerCertificate.read(List.of(other.certificatePem(), other.pkcs8Pem())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be RSA, or EC of curve P-256");
  }

  @Test
  void refusesWhatIsNoPemWithoutQuotingIt() {
    byte[] broken =
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0IGJ5dGVz\n-----END PRIVATE KEY-----\n"
            .getBytes(UTF_8);

    assertThatThrownBy(() -> ServerCertificate.read(List.of(EC.certificatePem(), broken)))
        .isInstanceOf(IOException.class)
        .hasNoCause()
        .hasMessageContaining("no readable private key")
        .hasMessageNotContaining("c2VjcmV0");
    assertThatThrownBy(
            () -> ServerCertificate.read(List.of(EC.certificatePem(), EC.certificatePem())))
        .hasMessageContaining("holds no private key");
    assertThatThrownBy(() -> ServerCertificate.read(List.of(new byte[0], EC.pkcs8Pem())))
        .hasMessageContaining("holds no certificate");
    assertThatThrownBy(
            () -> ServerCertificate.read(List.of("hello".getBytes(UTF_8), EC.pkcs8Pem())))
        .hasMessageContaining("holds no certificate");
  }

  private static byte[] both(byte[] first, byte[] second) {
    byte[] all = new byte[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
