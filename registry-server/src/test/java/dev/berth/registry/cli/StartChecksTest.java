package dev.berth.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.berth.policy.Action;
import dev.berth.registry.config.ConfigurationReader;
import dev.berth.registry.config.InvalidConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines are those of the configuration that TestRegistry writes. */
final class StartChecksTest {
  @TempDir Path folder;

  private TestRegistry registry;

  @BeforeEach
  void prepare() throws IOException {
    registry = TestRegistry.prepare(folder, Policies.aliceMay(1, "**", Action.PULL));
  }

  @Test
  void whatIsRightPasses() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void aPolicyThatIsNotThereYetIsNoMistake() throws IOException {
    Files.delete(folder.resolve("policy.json.gz"));

    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "tls.crt, :5: http.tls.certificate",
    "tls.key, :5: http.tls.key",
    "management.crt, :9: management.tls.certificate",
    "management.token, :10: management.tokenFile",
    "signing.pem, :14: authentication.signingKeyFile",
    "htpasswd, :15: authentication.htpasswd.file",
  })
  void aMissingFileIsNamedWithItsKey(String file, String key) throws IOException {
    Files.delete(folder.resolve(file));

    assertThatThrownBy(this::check)
        .hasMessageContaining("registry.yaml" + key + ": there is no file")
        .hasMessageContaining(folder.resolve(file).toString());
  }

  @Test
  void aFolderInPlaceOfAFileIsUnreadable() throws IOException {
    Files.delete(folder.resolve("htpasswd"));
    Files.createDirectory(folder.resolve("htpasswd"));

    assertThatThrownBy(this::check)
        .hasMessageContaining(":15: authentication.htpasswd.file:")
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aKeyOfAnotherCertificateIsNamed() throws IOException {
    Files.write(folder.resolve("tls.key"), TestCertificates.ec("x").pkcs8Pem());

    assertThatThrownBy(this::check)
        .hasMessageContaining(":5: http.tls.certificate:")
        .hasMessageContaining("is not for this key");
  }

  @Test
  void aSigningKeyOfAnotherKindIsNamed() throws IOException {
    Files.write(folder.resolve("signing.pem"), TestCertificates.rsa("x").pkcs8Pem());

    assertThatThrownBy(this::check)
        .hasMessageContaining(":14: authentication.signingKeyFile:")
        .hasMessageContaining("must be an EC key of curve P-256");
  }

  @Test
  void aBadUserIsNamedWithItsLine() throws IOException {
    Files.writeString(folder.resolve("htpasswd"), "# x\nalice:secret\n");

    assertThatThrownBy(this::check)
        .hasMessageContaining(":15: authentication.htpasswd.file:")
        .hasMessageContaining("line 2: the password must be hashed with bcrypt")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aPlaceThatIsNoFolderIsNamed() throws IOException {
    Files.writeString(folder.resolve("data"), "");

    assertThatThrownBy(this::check)
        .hasMessageContaining(":11: storage.filesystem.path:")
        .hasMessageContaining("must be a folder that can be written to");
  }

  @Test
  void aFileThatIsNoDatabaseIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/berth.db"), "somebody else's");

    assertThatThrownBy(this::check)
        .hasMessageContaining(":12: metadata.embedded.path:")
        .hasMessageContaining("no SQLite database");
  }

  @Test
  void aFolderInPlaceOfTheDatabaseIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("data/berth.db"));

    assertThatThrownBy(this::check)
        .hasMessageContaining(":12: metadata.embedded.path:")
        .hasMessageContaining("cannot be read");
  }

  @Test
  void anEmptyManagementTokenIsNamed() throws IOException {
    Files.writeString(folder.resolve("management.token"), "\n");

    assertThatThrownBy(this::check)
        .hasMessageContaining(":10: management.tokenFile:")
        .hasMessageContaining("is empty");
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(registry.managementPort, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();

      assertThatThrownBy(this::check)
          .hasMessageContaining(":8: management.port: cannot listen on 127.0.0.1:");
    }
  }

  @Test
  void allMistakesAreNamedAtOnce() throws IOException {
    Files.delete(folder.resolve("htpasswd"));
    Files.delete(folder.resolve("tls.key"));

    assertThatThrownBy(this::check)
        .asInstanceOf(type(InvalidConfigurationException.class))
        .satisfies(e -> assertThat(e.problems()).hasSize(2));
  }

  private void check() {
    StartChecks.run(ConfigurationReader.read(folder.resolve("registry.yaml"), Map.of()));
  }
}
