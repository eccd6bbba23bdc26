package dev.berth.quickstart.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerEnvironmentTest {

  @ParameterizedTest
  @CsvSource({
    "a$(NAME)c, abc",
    "$(UNKNOWN), $(UNKNOWN)",
    "$$(NAME), $(NAME)",
    "$NAME, $NAME",
    "$(NAME)$(NAME), bb",
  })
  void expandsReferencesTheWayKubernetesDoes(String text, String expected) {
    assertThat(ContainerEnvironment.expand(text, Map.of("NAME", "b"))).isEqualTo(expected);
  }
}
