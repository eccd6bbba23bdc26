package dev.berth.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.quickstart.QuickstartOptions.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartOptionsTest {

  private static final Path HOME = Path.of("/checkout");

  @Test
  void keepsItsStateInTheCheckoutByDefault() throws UsageException {
    QuickstartOptions options = QuickstartOptions.parse(List.of(), HOME);

    assertThat(options.state()).isEqualTo(HOME.resolve(".berth"));
    assertThat(options.kubeconfig()).isEmpty();
    assertThat(options.exitWhenReady()).isFalse();
  }

  @Test
  void readsEveryOption() throws UsageException {
    QuickstartOptions options =
        QuickstartOptions.parse(
            List.of(
                "--fresh",
                "--exit-when-ready",
                "--timeout",
                "9",
                "--port",
                "6443",
                "--state",
                "/s"),
            HOME);

    assertThat(options.fresh()).isTrue();
    assertThat(options.exitWhenReady()).isTrue();
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(options.port()).isEqualTo(6443);
    assertThat(options.state()).isEqualTo(Path.of("/s"));
  }

  @ParameterizedTest
  @CsvSource({
    "--unknown, unknown option --unknown",
    "--port, --port needs a value",
    "--port x, --port needs a number",
    "--port 70000, --port must be between 0 and 65535",
    "--state --fresh, --state needs a value",
    "--kubeconfig f --download, --download and --port are for the embedded API",
  })
  void saysWhatIsWrongWithTheCommandLine(String line, String message) {
    assertThatThrownBy(() -> QuickstartOptions.parse(Arrays.asList(line.split(" ", -1)), HOME))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(message);
  }
}
