package dev.berth.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourceTypesTest {

  @Test
  void knowsNodesByTheShortNameThatYamlTakesForFalse() {
    assertThat(new ResourceTypes().find("", "v1", "nodes").orElseThrow().shortNames())
        .containsExactly("no");
  }
}
