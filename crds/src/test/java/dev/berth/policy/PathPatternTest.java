package dev.berth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {

  @ParameterizedTest
  @CsvSource({
    "team-a/app, team-a/app,   true",
    "team-a/app, team-a/app/b, false",
    "team-a/**,  team-a/app,   true",
    "team-a/**,  team-a/b/c,   true",
    "team-a/**,  team-a,       false",
    "team-a/**,  team-a/,      false",
    "team-a/**,  team-ab/app,  false",
    "**,         anything/at,  true",
  })
  void matches(String pattern, String path, boolean expected) {
    assertThat(new PathPattern(pattern).matches(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "**,         **,           true",
    "**,         a/**,         true",
    "a/**,       **,           false",
    "a/**,       a/b/**,       true",
    "a/**,       a/**,         true",
    "a/**,       ab/**,        false",
    "a/**,       a,            false",
    "a/b,        a/**,         false",
    "a/b,        a/b,          true",
  })
  void covers(String outer, String inner, boolean expected) {
    assertThat(new PathPattern(outer).covers(new PathPattern(inner))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"**, ''", "a/**, a/", "a/b, a/b"})
  void start(String pattern, String start) {
    assertThat(new PathPattern(pattern).start()).isEqualTo(start);
  }

  @Test
  void theMostSpecificComesFirst() {
    assertThat(
            Stream.of("**", "a/b/**", "a/b/c", "a/**")
                .map(PathPattern::new)
                .sorted(PathPattern.MOST_SPECIFIC_FIRST)
                .map(PathPattern::value))
        .isEqualTo(List.of("a/b/c", "a/b/**", "a/**", "**"));
  }
}
