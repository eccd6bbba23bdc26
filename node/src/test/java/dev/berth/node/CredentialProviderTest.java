package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kubelet's credential provider, started as the kubelet starts it. */
class CredentialProviderTest {
  private static final Path PROVIDER =
      Path.of("src/main/provider/berth-credential-provider").toAbsolutePath();

  private record Answer(int exit, String output, String error) {}

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"CredentialProviderRequest\",\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\",\"image\":\"main.registries.svc/team-a/app:v1\",\"serviceAccountToken\":\"eyJh.eyJ_-9.s-_1\",\"serviceAccountAnnotations\":{\"image\":\"x\"}}\n",
        "{\n  \"serviceAccountToken\" : \"eyJh.eyJ_-9.s-_1\",\n  \"image\" : \"main.registries.svc/team-a/app@sha256:ab\"\n}"
      })
  void theTokenOfThePodsServiceAccountIsItsPassword(String request) throws Exception {
    Answer answer = ask(request);

    assertThat(answer.error()).isEmpty();
    assertThat(answer.exit()).isZero();
    assertThat(answer.output())
        .isEqualTo(
            "{\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\",\"kind\":\"CredentialProviderResponse\","
                + "\"cacheKeyType\":\"Registry\",\"cacheDuration\":\"5m0s\",\"auth\":{\"main.registries.svc\":"
                + "{\"username\":\"serviceaccount\",\"password\":\"eyJh.eyJ_-9.s-_1\"}}}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example:5000", "[fd00::1]:5000", "10.96.3.4"})
  void theCredentialIsForTheHostOfTheImage(String host) throws Exception {
    Answer answer = ask("{\"image\":\"%s/app\",\"serviceAccountToken\":\"a.b.c\"}".formatted(host));

    assertThat(answer.output()).contains("\"auth\":{\"" + host + "\":{");
  }

  @Test
  void aKubeletThatSendsNoTokenIsToldWhatIsMissing() throws Exception {
    Answer answer = ask("{\"image\":\"main.registries.svc/app\"}");

    assertThat(answer.exit()).isNotZero();
    assertThat(answer.output()).isEmpty();
    assertThat(answer.error()).contains("serviceAccountTokenAudience");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"image\":\"x$(touch pwned)/app\",\"serviceAccountToken\":\"a.b.c\"}",
        "{\"image\":\"host/app\",\"serviceAccountToken\":\"a\\\",\\\"b\"}",
        "not json"
      })
  void whatIsNoImageAndNoTokenIsNeverPassedOn(String request) throws Exception {
    Answer answer = ask(request);

    assertThat(answer.exit()).isNotZero();
    assertThat(answer.output()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  private Answer ask(String request) throws Exception {
    Process provider =
        new ProcessBuilder("/bin/sh", PROVIDER.toString()).directory(folder.toFile()).start();
    try (OutputStream input = provider.getOutputStream()) {
      input.write(request.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(provider.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String error = new String(provider.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(provider.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Answer(provider.exitValue(), output, error);
  }
}
