package dev.berth.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class RangeTest {
  private static final long MAX = 1_000;

  @Property
  void aRangeIsClippedToTheContent(
      @ForAll @LongRange(min = 1, max = MAX) long size,
      @ForAll @LongRange(max = MAX) long from,
      @ForAll @LongRange(max = MAX) long extra) {
    String header = "bytes=" + from + "-" + (from + extra);
    if (from >= size) {
      assertUnsatisfiable(header, size);
    } else {
      ByteRange range = ByteRange.parse(header, size).orElseThrow();
      assertThat(range.from()).isEqualTo(from);
      assertThat(range.length()).isEqualTo(Math.min(extra + 1, size - from));
    }
  }

  @Property
  void aSuffixIsTheEndOfTheContent(
      @ForAll @LongRange(min = 1, max = MAX) long size,
      @ForAll @LongRange(min = 1, max = 2 * MAX) long suffix) {
    ByteRange range = ByteRange.parse("bytes=-" + suffix, size).orElseThrow();
    assertThat(range.from() + range.length()).isEqualTo(size);
    assertThat(range.length()).isEqualTo(Math.min(suffix, size));
  }

  @Property
  void anyHeaderIsUnderstoodIgnoredOrUnsatisfiable(
      @ForAll String header, @ForAll @LongRange(max = MAX) long size) {
    try {
      ByteRange.parse(header, size)
          .ifPresent(range -> assertThat(range.from() + range.length()).isBetween(1L, size));
    } catch (ByteRange.Unsatisfiable e) {
      assertThat(header).startsWith("bytes=");
    }
  }

  @Provide
  Arbitrary<String> nearlyRanges() {
    return Arbitraries.strings().withChars("0123456789-,= ").ofMaxLength(8).map("bytes="::concat);
  }

  /** Counts the bytes one by one, as RFC 9110 says which of them are meant. */
  @Property
  void theBytesMeantAreTheBytesSent(
      @ForAll("nearlyRanges") String header, @ForAll @LongRange(max = 40) long size) {
    Matcher ends = Pattern.compile("bytes=([0-9]*)-([0-9]*)").matcher(header);
    boolean understood = ends.matches() && !header.equals("bytes=-");
    List<Long> meant =
        understood
            ? LongStream.range(0, size)
                .filter(at -> isMeant(at, size, ends.group(1), ends.group(2)))
                .boxed()
                .toList()
            : List.of();
    if (understood && meant.isEmpty()) {
      assertUnsatisfiable(header, size);
    } else {
      assertThat(
              ByteRange.parse(header, size)
                  .map(r -> LongStream.range(r.from(), r.from() + r.length()).boxed().toList()))
          .isEqualTo(understood ? Optional.of(meant) : Optional.empty());
    }
  }

  private static boolean isMeant(long at, long size, String first, String last) {
    if (first.isEmpty()) {
      return size - at <= Long.parseLong(last);
    }
    return at >= Long.parseLong(first) && (last.isEmpty() || at <= Long.parseLong(last));
  }

  @Property
  void aChunksHeaderIsReadOrRefusedByItsGrammar(@ForAll("nearlyChunks") String header) {
    Matcher ends =
        Pattern.compile("(bytes )?([0-9]+)-([0-9]+)(/([0-9]+|\\*))?").matcher(header.strip());
    if (ends.matches() && Long.parseLong(ends.group(2)) <= Long.parseLong(ends.group(3))) {
      ChunkRange range = ChunkRange.parse(header).orElseThrow();
      assertThat(range.first()).isEqualTo(Long.parseLong(ends.group(2)));
      assertThat(range.last()).isEqualTo(Long.parseLong(ends.group(3)));
      assertThat(range.length()).isEqualTo(range.last() - range.first() + 1);
    } else {
      assertThatExceptionOfType(OciException.class)
          .isThrownBy(() -> ChunkRange.parse(header))
          .extracting(OciException::code)
          .isEqualTo(ErrorCode.BLOB_UPLOAD_INVALID);
    }
  }

  @Provide
  Arbitrary<String> nearlyChunks() {
    Arbitrary<String> ends = Arbitraries.strings().withChars("0123456789-/* ").ofMaxLength(9);
    Arbitrary<String> right =
        Combinators.combine(
                Arbitraries.longs().between(0, MAX),
                Arbitraries.longs().between(0, MAX),
                Arbitraries.of("", "/*", "/2000", "/", "/x"))
            .as((a, b, total) -> a + "-" + b + total);
    return Combinators.combine(
            Arbitraries.of("", "bytes ", "bytes="), Arbitraries.oneOf(ends, right))
        .as(String::concat);
  }

  @Example
  void whatIsNotOneRangeOfBytesIsIgnored() {
    for (String header : new String[] {"", "bytes=", "bytes=-", "bytes=0-1,3-4", "lines=0-1"}) {
      assertThat(ByteRange.parse(header, 10)).as(header).isEmpty();
    }
    assertThat(ByteRange.parse(null, 10)).isEmpty();
  }

  @Example
  void nothingCanBeTakenFromEmptyContent() {
    assertUnsatisfiable("bytes=0-", 0);
    assertUnsatisfiable("bytes=-1", 0);
    assertUnsatisfiable("bytes=-0", 10);
  }

  @Property
  void aRangeThatEndsBeforeItBeginsHasNoByte(
      @ForAll @LongRange(max = MAX) long size,
      @ForAll @LongRange(max = MAX) long last,
      @ForAll @LongRange(min = 1, max = MAX) long behind) {
    assertUnsatisfiable("bytes=" + (last + behind) + "-" + last, size);
  }

  @Example
  void theAnswerNamesBothEndsAndTheSize() {
    assertThat(ByteRange.parse("bytes=2-", 10).orElseThrow().contentRange(10))
        .isEqualTo("bytes 2-9/10");
  }

  @Property
  void aChunksRangeIsReadBack(
      @ForAll @LongRange(max = MAX) long first, @ForAll @LongRange(max = MAX) long extra) {
    assertThat(ChunkRange.parse(first + "-" + (first + extra)))
        .contains(new ChunkRange(first, first + extra));
  }

  @Example
  void aChunksRangeThatIsNoneIsRefused() {
    assertThat(ChunkRange.parse(null)).isEmpty();
    for (String header : new String[] {"", "1", "2-1", "-1", "a-b", "1-99999999999999999999"}) {
      assertThatExceptionOfType(OciException.class)
          .isThrownBy(() -> ChunkRange.parse(header))
          .extracting(OciException::code)
          .isEqualTo(ErrorCode.BLOB_UPLOAD_INVALID);
    }
  }

  private static void assertUnsatisfiable(String header, long size) {
    assertThatExceptionOfType(ByteRange.Unsatisfiable.class)
        .isThrownBy(() -> ByteRange.parse(header, size));
  }
}
