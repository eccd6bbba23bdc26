package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which schedules the operator passes on: those with which the server never ends up stuck. */
class CronScheduleTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 3 * * *",
        "*/5 * * * *",
        "0 3 * * 0",
        "0 3 * * 7",
        "0 3 * * sun",
        "0,30 1-5/2 1,15 jan-MAR MON-FRI",
        "0 0 29 2 *"
      })
  void whatComesIsPassedOn(String expression) {
    assertThat(CronSchedule.problem(expression)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          60 * * * *       | Invalid interval [60-60]
          0 3 0 * *        | Invalid interval [0-0]
          0 3 * * 9        | Invalid interval [9-9]
          9-1 * * * *      | Invalid interval [9-1]
          0 3 * MON *      | MON
          0 0 30 2 *       | never comes true, or not for four years
          0 0 31 4,6,9 *   | never comes true, or not for four years
          0 0 29 2 MON     | never comes true, or not for four years
          , * * * *        | is no cron expression of five fields, such as 0 3 * * *
          */0 * * * *      | is no cron expression of five fields, such as 0 3 * * *
          0 3 * * * *      | is no cron expression of five fields, such as 0 3 * * *
          0 0 L * *        | is no cron expression of five fields, such as 0 3 * * *
          @daily           | is no cron expression of five fields, such as 0 3 * * *
          """)
  void whatDoesNotIsSaid(String expression, String problem) {
    assertThat(CronSchedule.problem(expression))
        .hasValueSatisfying(said -> assertThat(said).contains(problem));
  }

  @Test
  void oneThatIsLongerThanAnybodyWritesIsNotEvenRead() {
    assertThat(CronSchedule.problem("0" + ",0".repeat(100_000) + " * * * *")).isPresent();
  }
}
