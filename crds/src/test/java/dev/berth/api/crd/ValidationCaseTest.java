package dev.berth.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValidationCaseTest {

  @Test
  void everyRuleHasACaseThatItRefuses() throws IOException {
    // Given
    List<String> refusals =
        ValidationCase.all().stream()
            .map(ValidationCase::refused)
            .filter(Objects::nonNull)
            .toList();

    // When
    List<String> untested = new ArrayList<>();
    for (var kind : CrdFiles.KINDS) {
      for (JsonNode rules :
          CrdFiles.YAML.readTree(CrdFiles.checkedIn(kind)).findValues("x-kubernetes-validations")) {
        for (JsonNode rule : rules) {
          String message = rule.get("message").asText();
          if (refusals.stream().noneMatch(message::startsWith)) {
            untested.add(kind.getSimpleName() + ": " + message);
          }
        }
      }
    }

    // Then
    assertThat(untested).isEmpty();
  }

  @Test
  void casesHaveNamesOfTheirOwn() throws IOException {
    Set<String> names = new HashSet<>();
    assertThat(ValidationCase.all()).allMatch(one -> names.add(one.kind() + "/" + one.name()));
  }
}
