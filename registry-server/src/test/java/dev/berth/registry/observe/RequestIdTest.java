package dev.berth.registry.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestIdTest {
  @Test
  void theClientsIdIsKeptWhenItIsSane() {
    assertThat(RequestId.of("ci-run.4711_a")).isEqualTo("ci-run.4711_a");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "short", "with space in it", "new\nline-in-it", "{\"json\":1}aaaa"})
  void anyOtherIsReplacedByANewOne(@Nullable String sent) {
    assertThat(RequestId.of(sent)).isNotEqualTo(sent).hasSize(36);
    assertThat(RequestId.of("x".repeat(65))).hasSize(36);
  }
}
