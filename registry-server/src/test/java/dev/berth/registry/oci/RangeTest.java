package dev.berth.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
