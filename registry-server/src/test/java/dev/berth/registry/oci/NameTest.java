package dev.berth.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NameTest {
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

  @Property
  void whatTheGrammarMakesIsTaken(@ForAll("names") String name) {
    assertThat(new RepositoryName(name).value()).isEqualTo(name);
  }

  @Property
  void aNameNeverLeavesItsFolder(@ForAll("hostile") String text) {
    Assume.that(!text.matches("[a0]+((\\.|_|__|-+)[a0]+)*(/[a0]+((\\.|_|__|-+)[a0]+)*)*"));
    assertRefused(text);
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
