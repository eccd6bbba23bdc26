package dev.berth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyDocumentFormatTest {
  private static final String DOCUMENT =
      """
      {"revision": "by-hand", "sequence": 1, "content": {"anonymous": false, "creation": "Declared",
        "repositories": [{"name": "a/b", "path": "a/**", "visibility": "Private"}],
        "grants": [{"policy": "a/c", "subjects": [{"kind": "Authenticated"}], "repositories": ["**"], "actions": ["Pull"]}]}}
      """;

  private final PolicyDocument.Content content =
      new PolicyDocument.Content(
          true,
          Creation.ON_PUSH,
          List.of(
              new DeclaredRepository(
                  "team-a/app", new PathPattern("team-a/**"), Visibility.PUBLIC)),
          List.of(
              new Grant(
                  "team-a/ci",
                  List.of(
                      new Subject(Subject.Kind.USER, "alice", null),
                      new Subject(Subject.Kind.SERVICE_ACCOUNT, null, "ci")),
                  List.of(new PathPattern("team-a/**")),
                  Set.of(Action.PUSH, Action.PULL),
                  "2027-01-01T00:00:00Z")));

  @Test
  void whatIsWrittenReadsBackTheSame() throws IOException {
    // Given
    PolicyDocument document = PolicyDocumentFormat.document(content, 7);

    // When
    PolicyDocument read = PolicyDocumentFormat.read(PolicyDocumentFormat.gzip(document));

    // Then
    assertThat(read).isEqualTo(document);
  }

  @Test
  void theRevisionFollowsTheContentAndNotTheSequence() {
    assertThat(PolicyDocumentFormat.document(content, 8).revision())
        .isEqualTo(PolicyDocumentFormat.document(content, 7).revision());
    assertThat(
            PolicyDocumentFormat.document(
                    new PolicyDocument.Content(
                        false, Creation.ON_PUSH, content.repositories(), content.grants()),
                    7)
                .revision())
        .isNotEqualTo(PolicyDocumentFormat.document(content, 7).revision());
  }

  @Test
  void rulesHaveAnotherHashWhenTheyChangeAndNotWhenTheyAreCarriedOut() throws IOException {
    // Given
    Retention rules = rules("0 3 * * *", null, null);
    String hash = PolicyDocumentFormat.hash(rules);
    PolicyDocument sent =
        PolicyDocumentFormat.document(
            content.withSpace(
                new SpaceRules(null, null, rules, Collections.emptySortedSet(), null)),
            7);

    // When
    PolicyDocument read = PolicyDocumentFormat.read(PolicyDocumentFormat.gzip(sent));

    // Then
    assertThat(
            PolicyDocumentFormat.hash(
                Objects.requireNonNull(read.content().spaceRules().retention())))
        .isEqualTo(hash);
    assertThat(PolicyDocumentFormat.hash(rules("0 3 * * *", "5b1c", "now"))).isEqualTo(hash);
    assertThat(PolicyDocumentFormat.hash(rules("0 4 * * *", null, null))).isNotEqualTo(hash);
  }

  private static Retention rules(
      String schedule, @Nullable String acknowledged, @Nullable String runRequest) {
    return new Retention(
        List.of(new Retention.Keep(List.of("v*"), 10, null, false)),
        List.of(new Retention.Expire(List.of(), true, 1000)),
        schedule,
        true,
        "25%",
        acknowledged,
        runRequest);
  }

  @Test
  void plainJsonIsReadToo() throws IOException {
    // When
    PolicyDocument read = PolicyDocumentFormat.read(DOCUMENT.getBytes(StandardCharsets.UTF_8));

    // Then
    assertThat(read.content().creation()).isEqualTo(Creation.DECLARED);
    assertThat(read.content().grants().get(0).actions()).containsExactly(Action.PULL);
  }

  @Test
  void whatIsNoPolicyDocumentIsRefused() {
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            "{\"revision\":\"x\",\"sequence\":1}",
            "\u001f\u008b",
            DOCUMENT + " trailing",
            DOCUMENT.replace("\"sequence\": 1", "\"sequence\": 1, \"sequence\": 2"))) {
      assertThatThrownBy(() -> PolicyDocumentFormat.read(bad.getBytes(StandardCharsets.ISO_8859_1)))
          .as(bad)
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "Pull"               | "Pul"      | line 3: content.grants[0].actions[0]: 'Pul' is not one of Pull, Push, Delete
          "Authenticated"      | "Everyone" | line 3: content.grants[0].subjects[0].kind: 'Everyone' is not one of User, Group, ServiceAccount, Authenticated, Anonymous
          ["**"]               | "**"       | line 3: content.grants[0].repositories: must be a list
          "actions"            | "action"   | line 3: content.grants[0]: actions is missing
          "creation"           | "create"   | line 3: content: creation is missing
          "anonymous": false   | "anonymous": "no" | line 1: content.anonymous: must be true or false
          [{"kind": "Authenticated"}] | [null] | line 3: content.grants[0]: a list must not hold null
          "content":           | "x": 1     | line 1: not JSON
          """)
  void aMistakeIsToldByItsFieldAndLine(String right, String wrong, String told) {
    assertThatThrownBy(
            () ->
                PolicyDocumentFormat.read(
                    DOCUMENT.replace(right, wrong).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(told);
  }
}
