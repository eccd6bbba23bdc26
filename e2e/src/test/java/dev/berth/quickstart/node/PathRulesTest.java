package dev.berth.quickstart.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {

  private static final Path FOLDER = Path.of("/state/pod");

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/../../x", "/etc/passwd", "", "a\0b"})
  void refusesPathsThatLeaveTheirFolder(String path) {
    assertThatThrownBy(() -> PathRules.below(FOLDER, path))
        .isInstanceOf(InvalidSpecException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "a/b", "", "a b", "x\n"})
  void refusesNamesThatAreNoFileNames(String name) {
    assertThatThrownBy(() -> PathRules.segment(name)).isInstanceOf(InvalidSpecException.class);
  }

  @Test
  void placesAContainersPathsBelowItsRoot() {
    assertThat(PathRules.inside(FOLDER, "/berth/keys/")).isEqualTo(FOLDER.resolve("berth/keys"));
    assertThat(PathRules.inside(FOLDER, "/")).isEqualTo(FOLDER);
  }
}
