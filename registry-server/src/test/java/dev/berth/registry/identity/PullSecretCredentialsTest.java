package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key of pull secrets as it lies in a file; IdentitiesIT shows what it opens. */
final class PullSecretCredentialsTest {

  @Test
  void aKeyIsBase64OfEnoughBytes() throws IOException {
    byte[] key = new byte[40];
    key[0] = 7;

    assertThat(
            PullSecretCredentials.key(
                List.of((Base64.getEncoder().encodeToString(key) + "\n").getBytes(UTF_8))))
        .isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "short", "AAAA", "not base64 at all, however long it may be ------------"})
  void whatIsNoKeyIsRefusedWithoutQuotingIt(String content) {
    assertThatThrownBy(() -> PullSecretCredentials.key(List.of(content.getBytes(UTF_8))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl rand -base64 32");
  }
}
