package dev.berth.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.policy.Retention;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What goes in each of the folders beside the resources of this package, and why. */
class RetentionPlannerTest {

  @TestFactory
  Stream<DynamicTest> scenarios() throws IOException, URISyntaxException {
    Path root =
        Path.of(
                Objects.requireNonNull(
                        RetentionPlannerTest.class.getResource("cosign-tags"), "the scenarios")
                    .toURI())
            .resolveSibling("");
    List<Path> folders;
    try (Stream<Path> found = Files.list(root)) {
      folders = found.filter(folder -> Files.exists(folder.resolve("in.yaml"))).sorted().toList();
    }
    assertThat(folders).hasSizeGreaterThanOrEqualTo(14);
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(), () -> goesAsTheFolderSays(folder)));
  }

  private static void goesAsTheFolderSays(Path folder) {
    Scenario scenario = Scenario.read(folder);

    RetentionPlan plan = scenario.plan();

    assertThat(scenario.described(plan)).isEqualTo(scenario.expected());
  }

  @Test
  void aGlobThatIsNoneIsNamed() {
    Retention retention =
        new Retention(
            List.of(),
            List.of(new Retention.Expire(List.of("pr-*", "[oops"), false, 0)),
            "0 3 * * *",
            true,
            "25%",
            null,
            null);

    assertThatThrownBy(() -> new RetentionRules(retention))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expire[0].tags has '[oops'");
  }

  @Test
  void aLimitIsANumberOrAPercentageOfTheTags() {
    assertThat(DeletionLimit.parse("25%").isExceeded(25, 100)).isFalse();
    assertThat(DeletionLimit.parse("25%").isExceeded(26, 100)).isTrue();
    assertThat(DeletionLimit.parse("25").isExceeded(25, 30)).isFalse();
    assertThat(DeletionLimit.parse("25").isExceeded(26, 1000)).isTrue();
    assertThat(DeletionLimit.parse("0").isExceeded(0, 0)).isFalse();
    assertThatThrownBy(() -> DeletionLimit.parse("many")).hasMessageContaining("maxDeletions");
  }
}
