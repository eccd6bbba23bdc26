package dev.berth.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class NameTest {
  /** Letter by letter as the distribution specification has it. */
  private static final String SPECIFIED_NAME =
      "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*";

  private static final String ALPHANUMERIC = "abcxyz0189";

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> word =
        Arbitraries.strings().withChars(ALPHANUMERIC).ofMinLength(1).ofMaxLength(6);
    Arbitrary<String> separator = Arbitraries.of(".", "_", "__", "-", "---");
    Arbitrary<String> component =
        Combinators.combine(word, separator, word).as((a, s, b) -> a + s + b);
    return Arbitraries.oneOf(word, component)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> String.join("/", parts));
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.strings().withChars("aA0._-/%\u0000 é:@\\").ofMaxLength(20);
  }

  /** A valid name with one character replaced, and what is made of the grammar's own characters. */
  @Provide
  Arbitrary<String> nearlyNames() {
    Arbitrary<Character> any = Arbitraries.chars().all();
    Arbitrary<Character> odd = Arbitraries.of('_', '.', '-', '/', 'a', 'A', '%', '\n', 'é', '\0');
    Arbitrary<String> spoiled =
        Combinators.combine(
                names(), Arbitraries.integers().between(0, 100), Arbitraries.oneOf(odd, any))
            .as((name, at, c) -> replaced(name, at % name.length(), c));
    return Arbitraries.oneOf(
        names(), spoiled, Arbitraries.strings().withChars("ab0._-/").ofMaxLength(12), hostile());
  }

  private static String replaced(String text, int at, char c) {
    return text.substring(0, at) + c + text.substring(at + 1);
  }

  @Property
  void whatTheGrammarMakesIsTaken(@ForAll("names") String name) {
    assertThat(new RepositoryName(name).value()).isEqualTo(name);
  }

  @Property
  void aNameIsTakenOrRefusedByTheGrammarOfTheSpecification(@ForAll("nearlyNames") String text) {
    boolean valid = text.matches(SPECIFIED_NAME);
    if (valid) {
      assertThat(new RepositoryName(text).value()).isEqualTo(text);
    } else {
      assertRefused(text);
    }
    Statistics.collect(valid);
    Statistics.coverage(
        seen -> {
          seen.check(true).percentage(share -> share > 5);
          seen.check(false).percentage(share -> share > 5);
        });
  }

  @Example
  void aLongNameIsRefused() {
    assertThat(new RepositoryName("a".repeat(255)).value()).hasSize(255);
    assertRefused("a".repeat(256));
  }

  @Example
  void pathsAndEmptyPartsAreRefused() {
    for (String text : new String[] {"", "/", "a/", "/a", "a//b", "..", "a/../b", "a\n", "A"}) {
      assertRefused(text);
    }
  }

  @Property
  void aTagIsTakenOrRefusedByItsGrammar(@ForAll("hostile") String text) {
    boolean valid = text.matches("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
    if (valid) {
      assertThat(new Tag(text).value()).isEqualTo(text);
    } else {
      assertThatExceptionOfType(OciException.class).isThrownBy(() -> new Tag(text));
    }
  }

  @Example
  void aReferenceWithAColonIsADigestOrNothing() {
    assertThat(Reference.parse("v1.0")).isEqualTo(new Tag("v1.0"));
    assertThatExceptionOfType(OciException.class)
        .isThrownBy(() -> Reference.parse("v1:0"))
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.DIGEST_INVALID);
  }

  private static void assertRefused(String text) {
    assertThatExceptionOfType(OciException.class)
        .isThrownBy(() -> new RepositoryName(text))
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.NAME_INVALID);
  }
}
