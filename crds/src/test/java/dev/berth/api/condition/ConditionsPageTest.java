package dev.berth.api.condition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The page that users read is written from the enums that the operator uses. */
class ConditionsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "conditions.md");

  @Test
  void thePageSaysWhatTheConditionsSay() throws IOException {
    String page = page();
    if (Boolean.getBoolean("conditions.regenerate")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/conditions.md; write it anew with"
                + " mvn -B -pl crds test -Dtest=ConditionsPageTest -Dconditions.regenerate=true")
        .isEqualTo(page);
  }

  @Test
  void everyReasonIsOneWordAndSaysWhenItIsThere() {
    assertThat(Reason.values())
        .allSatisfy(
            reason -> {
              assertThat(reason.value()).matches("[A-Z][A-Za-z]+");
              assertThat(reason.cause()).endsWith(".");
              assertThat(reason.remedy()).matches("|.*\\.");
            });
    assertThat(Arrays.stream(Reason.values()).map(Reason::value)).doesNotHaveDuplicates();
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Conditions

            Registry, Repository and AccessPolicy tell in `status.conditions` how they stand. A message ends with what to do.

            | condition | says, when it is True |
            |---|---|
            """);
    for (ConditionType type : ConditionType.values()) {
      page.append("| `%s` | %s |%n".formatted(type.value(), type.meaning()));
    }
    page.append(
        """

        ## Reasons

        | reason | when | what to do |
        |---|---|---|
        """);
    for (Reason reason : Reason.values()) {
      page.append(
          "| `%s` | %s | %s |%n".formatted(reason.value(), reason.cause(), reason.remedy()));
    }
    return page.toString();
  }
}
