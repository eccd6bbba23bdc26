package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class HtpasswdTest {
  private static final String HASH = "$2y$10$abcdefghijklmnopqrstuu5xXgMzWWkH2vWY9ks0yLXXqxyzABCDE";

  @Test
  void readsUsersAndLeavesOutCommentsAndBlankLines() throws IOException {
    Htpasswd read = read("# users\n\nalice:" + HASH + "\r\nbob:" + HASH.replace("2y", "2b"));

    assertThat(read.hashes()).containsOnlyKeys("alice", "bob");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("alice\n", "line 1 must be NAME:HASH"),
        arguments(":" + HASH, "line 1 must be NAME:HASH"),
        arguments("a\tb:" + HASH, "line 1 must be NAME:HASH"),
        arguments("alice:secret\n", "line 1: the password must be hashed with bcrypt"),
        arguments("\n\nalice:$apr1$x$y\n", "line 3: the password must be hashed with bcrypt"),
        arguments("alice:{SHA}aaa=\n", "line 1: the password must be hashed with bcrypt"),
        arguments("alice:" + HASH + "x", "line 1: the password must be hashed with bcrypt"),
        arguments("alice:" + HASH.replace("$10$", "$31$"), "line 1: the bcrypt cost"),
        arguments("alice:" + HASH.replace("$10$", "$03$"), "line 1: the bcrypt cost"),
        arguments("a:" + HASH + "\na:" + HASH, "line 2 has the name of an earlier line"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedWithItsLineAndWithoutTheHash(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("apr1");
  }

  @Test
  void theDecoyCostsWhatTheMostExpensiveHashCosts() throws IOException {
    Htpasswd read = read("a:" + HASH + "\nb:" + HASH.replace("$10$", "$12$"));

    assertThat(read.decoy()).startsWith("$2y$12$").hasSameSizeAs(HASH);
  }

  private static Htpasswd read(String text) throws IOException {
    return Htpasswd.read(List.of(text.getBytes(UTF_8)));
  }
}
