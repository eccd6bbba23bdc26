package dev.berth.embedded.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S,0s", "PT119S,119s", "PT2M,2m", "PT5M7S,5m7s", "PT10M30S,10m", "PT3H,3h", "PT7H59M,7h59m",
    "PT8H30M,8h", "PT47H,47h", "PT48H,2d", "PT54H,2d6h", "P8D,8d", "P729D,729d", "P730D,2y",
    "P800D,2y70d", "P2920D,8y", "PT-5S,0s"
  })
  void agesAreShort(Duration age, String shown) {
    assertThat(Age.format(age)).isEqualTo(shown);
  }

  @Test
  void anUnreadableTimeIsNoFailure() {
    assertThat(Age.since("", Instant.EPOCH)).isEqualTo("<unknown>");
    assertThat(Age.since("yesterday", Instant.EPOCH)).isEqualTo("<invalid>");
  }
}
