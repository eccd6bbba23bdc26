package dev.berth.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.PathPattern;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {

  @ParameterizedTest
  @ValueSource(strings = {"24h", "1h30m", "0s", "1.5h", "500ms"})
  void durationsAreGoStyle(String duration) {
    assertThat(duration).matches(Grammar.DURATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "24", "1d", "-1h", "1h 30m", "h", "PT1H"})
  void whatIsNoDurationIsRefused(String duration) {
    assertThat(duration).doesNotMatch(Grammar.DURATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "a.example", "a-b.example:8443", "192.0.2.1", "[::1]", "[fe80::1]:5"})
  void hostsAreNamesAndAddressesWithOrWithoutPort(String host) {
    assertThat(host).matches(Grammar.HOST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "https://a", "a/b", "a:", "a:0", "a:123456", "-a", "a..b", "::1", "A", "a b"})
  void whatIsNoHostIsRefused(String host) {
    assertThat(host).doesNotMatch(Grammar.HOST);
  }

  @ParameterizedTest
  @CsvSource({
    "a,             a",
    "a/b,           a/b",
    "a.b/c__d,      a.b/c__d",
    "a/**,          a/b",
    "**,            a/b/c",
    "a---b/c_d/**,  a---b/c_d/e",
  })
  void aPathPatternOfTheSchemaMatchesRepositories(String pattern, String repository) {
    assertThat(pattern).matches(Grammar.PATH_PATTERN);
    assertThat(repository).matches(Grammar.PATH);
    assertThat(new PathPattern(pattern).matches(repository)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/",
        "/a",
        "A",
        "a//b",
        "a/*",
        "*",
        "a**",
        "**/a",
        "a/**/b",
        "a/**/**",
        "..",
        "a/../b",
        "a___b",
        "a._b",
        "-a",
        "a-",
        "{namespace}/a",
        "a:b",
        "a b"
      })
  void whatIsNoPathPatternIsRefused(String pattern) {
    assertThat(pattern).doesNotMatch(Grammar.PATH_PATTERN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"**", "a/b", "{namespace}", "{namespace}/**", "tenants/{namespace}/**", "a/**"})
  void aTenancyPathMayHaveTheNamespaceAsAPart(String path) {
    assertThat(path).matches(Grammar.TENANCY_PATH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ns}/**", "a-{namespace}", "{namespace}{namespace}", "{namespace}/*"})
  void theNamespaceIsAWholePart(String path) {
    assertThat(path).doesNotMatch(Grammar.TENANCY_PATH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "50Gi", "1.5Ti", "100m", "1e3", "5k"})
  void quantitiesAreThoseOfKubernetes(String quantity) {
    assertThat(quantity).matches(Grammar.QUANTITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "1e100", "12345678901234567890", "1 Gi", "Gi", "1GB", "1gi", ".5"})
  void whatIsNoQuantityIsRefused(String quantity) {
    assertThat(quantity).doesNotMatch(Grammar.QUANTITY);
  }

  @ParameterizedTest
  @CsvSource({
    "0 3 * * *,          true",
    "*/5 0-6 1,          false",
    "*/5 0-6 1 1 1-5,    true",
    "0 3 * * MON,        true",
    "0 3 * * * *,        false",
    "@daily,             false",
    "0 3 1-7/2 JAN-mar *, true",
    "', * * * *',         false",
    "'0, 3 * * *',        false",
    "'1,2 3,4 5 6,7 0,6', true",
    "*/0 * * * *,        false",
    "1-2-3 * * * *,      false",
    "0 0 L * *,          false",
    "- - - - -,          false",
  })
  void schedulesHaveFiveFields(String schedule, boolean expected) {
    assertThat(Pattern.matches(Grammar.CRON, schedule)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0%, true", "25%, true", "100%, true", "101%, false", "-1%, false", "25, false"})
  void percentagesAreOfAWhole(String percentage, boolean expected) {
    assertThat(Pattern.matches(Grammar.PERCENTAGE, percentage)).isEqualTo(expected);
  }
}
