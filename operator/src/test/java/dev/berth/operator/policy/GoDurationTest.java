package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0s, 0",
    "720h, 2592000000",
    "1h30m, 5400000",
    "1.5h, 5400000",
    "0.0005s, 1",
    "1ms, 1",
    "1000000000000000000000000000000h, 31536000000000",
    "9999999999999999h9999999999999h, 31536000000000"
  })
  void aDurationIsReadAsGoReadsItAndNeverIsLongerThanTheCalendar(String text, long millis) {
    assertThat(GoDuration.read(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"0s, 0h", "1h30m, 90m", "90s, 90s", "1500ms, 1500ms", "24.5h, 1470m"})
  void aDurationIsWrittenAsOneWholeNumber(String text, String written) {
    assertThat(GoDuration.write(GoDuration.read(text))).isEqualTo(written);
    assertThat(GoDuration.read(written)).isEqualTo(GoDuration.read(text));
  }
}
