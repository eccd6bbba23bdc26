package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Quota;
import dev.berth.policy.Retention;
import dev.berth.policy.SpaceRules;
import dev.berth.policy.Visibility;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which document goes into force. */
class PolicyChoiceTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

  @Test
  void equalContentKeepsItsSequence() {
    // Given
    PolicyDocument inForce = PolicyDocumentFormat.document(content("a/b"), 7);

    // When, Then
    assertThat(PolicyChoice.of(content("a/b"), inForce, CLOCK).document()).isSameAs(inForce);
  }

  @Test
  void anotherContentComesAfterTheOneInForceAlsoWhenTheClockIsBehindIt() {
    // Given
    long ahead = CLOCK.millis() + 1_000_000;
    PolicyDocument inForce = PolicyDocumentFormat.document(content("a/b"), ahead);

    // When, Then
    assertThat(PolicyChoice.of(content("c/d"), inForce, CLOCK).document().sequence())
        .isEqualTo(ahead + 1);
    assertThat(PolicyChoice.of(content("c/d"), null, CLOCK).document().sequence())
        .isEqualTo(CLOCK.millis());
  }

  @Test
  void theGreatestSequenceThatSomebodyMayWriteIsNotFollowedByALesserOne() {
    // Given
    PolicyDocument inForce = PolicyDocumentFormat.document(content("a/b"), Long.MAX_VALUE);

    // When, Then
    assertThat(PolicyChoice.of(content("c/d"), inForce, CLOCK).document().sequence())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aRevisionOverAnotherContentIsNotBelieved() {
    // Given
    PolicyDocument honest = PolicyDocumentFormat.document(content("a/b"), 7);
    PolicyDocument tampered = new PolicyDocument(honest.revision(), 7, content("**"));

    // When
    PolicyChoice choice = PolicyChoice.of(content("a/b"), tampered, CLOCK);

    // Then
    assertThat(choice.document().content()).isEqualTo(content("a/b"));
    assertThat(choice.document().sequence()).isGreaterThan(7);
  }

  @Test
  void whatDoesNotFitLeavesTheLastThatDidAndDeniesEverythingBeforeThere() {
    // Given
    String[] paths = tooMany();
    PolicyDocument inForce = PolicyDocumentFormat.document(content("a/b"), 7);

    // When
    PolicyChoice kept = PolicyChoice.of(content(paths), inForce, CLOCK);
    PolicyChoice first = PolicyChoice.of(content(paths), null, CLOCK);

    // Then
    assertThat(kept.tooLarge()).isTrue();
    assertThat(kept.document()).isSameAs(inForce);
    assertThat(first.tooLarge()).isTrue();
    assertThat(first.document().content().repositories()).isEmpty();
    assertThat(first.document().content().grants()).isEmpty();
    assertThat(first.document().content().anonymous()).isFalse();
  }

  @Test
  void aDocumentThatDeniesEverythingDeletesNothingEither() {
    // Given: what no Repository declares goes by a rule, and no Repository fits
    Retention rules =
        new Retention(
            List.of(),
            List.of(new Retention.Expire(List.of("**"), false, 0)),
            "0 3 * * *",
            true,
            "100%",
            null,
            null);
    SpaceRules space =
        new SpaceRules(
            9L,
            new Quota(5L, null, null, null),
            rules,
            new TreeSet<>(List.of("sha256:" + "0a".repeat(32))),
            "now");

    // When
    PolicyChoice choice = PolicyChoice.of(content(tooMany()).withSpace(space), null, CLOCK);

    // Then: limits stay, and what runs is still known
    SpaceRules chosen = choice.document().content().spaceRules();
    assertThat(chosen)
        .isEqualTo(
            new SpaceRules(
                space.storageBytes(),
                space.quota(),
                null,
                space.running(),
                space.collectRequest()));
  }

  /** Paths that do not compress, in a number that no document holds. */
  private static String[] tooMany() {
    Random random = new Random(1);
    return IntStream.range(0, 15_000)
        .mapToObj(i -> new StringBuilder("p"))
        .map(
            path -> {
              random.ints(120, 'a', 'z' + 1).forEach(path::appendCodePoint);
              return path.toString();
            })
        .toArray(String[]::new);
  }

  private static PolicyDocument.Content content(String... paths) {
    return new PolicyDocument.Content(
        true,
        Creation.ON_PUSH,
        List.of(paths).stream()
            .map(
                path ->
                    new DeclaredRepository("ns/" + path, new PathPattern(path), Visibility.PRIVATE))
            .toList(),
        List.of());
  }
}
