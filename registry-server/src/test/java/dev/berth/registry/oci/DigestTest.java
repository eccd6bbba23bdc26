package dev.berth.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DigestTest {

  @Provide
  Arbitrary<Digest> digests() {
    return Arbitraries.of(DigestAlgorithm.values())
        .flatMap(
            algorithm ->
                Arbitraries.strings()
                    .withChars("0123456789abcdef")
                    .ofLength(algorithm.hexLength())
                    .map(hex -> new Digest(algorithm, hex)));
  }

  @Property
  void whatIsWrittenIsReadBack(@ForAll("digests") Digest digest) {
    assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
  }

  @Property
  void anythingLongerOrShorterIsRefused(@ForAll("digests") Digest digest) {
    assertRefused(digest + "0");
    assertRefused(digest.toString().substring(0, digest.toString().length() - 1));
  }

  @Property
  void textIsRefusedUnlessItIsADigestAndNeverFailsOtherwise(@ForAll String text) {
    Assume.that(!text.matches("(?s)sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}"));
    assertRefused(text);
  }

  @Property
  void oneOtherCharacterMakesAnotherDigestOrNone(
      @ForAll("digests") Digest digest, @ForAll @IntRange(max = 134) int at, @ForAll char c) {
    String text = digest.toString();
    int place = at % text.length();
    String changed = text.substring(0, place) + c + text.substring(place + 1);
    if (changed.matches("(?s)sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")) {
      assertThat(Digest.parse(changed)).hasToString(changed);
    } else {
      assertRefused(changed);
    }
  }

  @Property
  void everyByteOfTheContentCounts(@ForAll @Size(min = 1, max = 300) byte[] content) {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      byte[] other = content.clone();
      other[other.length / 2]++;
      assertThat(Digest.of(algorithm, other)).isNotEqualTo(Digest.of(algorithm, content));
      assertThat(Digest.of(algorithm, content)).isEqualTo(Digest.of(algorithm, content.clone()));
    }
  }

  @Example
  void upperCaseIsRefused() {
    assertRefused("sha256:" + "A".repeat(64));
    assertRefused("SHA256:" + "a".repeat(64));
  }

  @Example
  void anotherAlgorithmIsRefused() {
    assertRefused("md5:d41d8cd98f00b204e9800998ecf8427e");
  }

  @Example
  void theHashIsTheOneEveryoneComputes() {
    assertThat(Digest.of(DigestAlgorithm.SHA256, new byte[0]).hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Digest.of(DigestAlgorithm.SHA512, new byte[0]).hex()).startsWith("cf83e1357eefb8bd");
  }

  private static void assertRefused(String text) {
    assertThatExceptionOfType(OciException.class)
        .isThrownBy(() -> Digest.parse(text))
        .extracting(OciException::code)
        .isEqualTo(ErrorCode.DIGEST_INVALID);
  }
}
