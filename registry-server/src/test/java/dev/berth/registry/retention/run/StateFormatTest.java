package dev.berth.registry.retention.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.registry.retention.run.RetentionState.Expiring;
import dev.berth.registry.retention.run.RetentionState.Preview;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a database holds of retention. */
class StateFormatTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void whatIsWrittenIsRead() throws IOException {
    // Given
    Expiring pr = new Expiring("team/app", "pr-1", "sha256:0a", "expire[0]", "pushed 8d ago");
    RetentionState state =
        new RetentionState(
            "rules",
            1,
            "order",
            "used",
            2L,
            3,
            true,
            "too many",
            new Preview("5b1c", 4, 5, 6, 7, List.of(pr)),
            "AAAA");

    // When, Then
    assertThat(StateFormat.read(StateFormat.write(state))).isEqualTo(state);
    RetentionState first = RetentionState.first(NOW, null);
    assertThat(StateFormat.read(StateFormat.write(first))).isEqualTo(first);
  }

  @Test
  void whatWasWrittenBeforeAcknowledgementsWereRememberedIsRead() throws IOException {
    // When
    RetentionState state =
        StateFormat.read(
            """
            {"rules":"rules","since":1,"request":"order","lastRunAt":2,"deletedTags":3,"held":false,"problem":null,"preview":null,"victims":null}
            """);

    // Then
    assertThat(state)
        .isEqualTo(new RetentionState("rules", 1, "order", null, 2L, 3, false, null, null, null));
  }

  @Test
  void whatIsNoWholeStateIsRefused() {
    for (String bad :
        List.of(
            "",
            "null",
            "{}",
            "{\"rules\":",
            "{\"rules\":\"r\",\"preview\":{}}",
            "{\"rules\":\"r\",\"preview\":{\"revision\":\"5b1c\",\"sample\":[{\"tag\":\"pr-1\"}]}}")) {
      assertThatThrownBy(() -> StateFormat.read(bad)).as(bad).isInstanceOf(IOException.class);
    }
  }
}
