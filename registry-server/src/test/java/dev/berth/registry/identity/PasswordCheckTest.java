package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.berth.registry.cli.TestRegistry;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordCheckTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "",
        "with:colon",
        "pässwörd €",
        "longer than the seventy-two bytes that bcrypt looks at, as some machine-made passwords are",
      })
  void knowsARightPasswordFromAWrongOne(String password) {
    PasswordCheck check = new PasswordCheck(1, Duration.ofSeconds(10));
    String hash = TestRegistry.bcrypt(password.substring(0, Math.min(60, password.length())));

    assertThat(check.matches(password.substring(0, Math.min(60, password.length())), hash))
        .isTrue();
    assertThat(check.matches("x" + password, hash)).isFalse();
  }

  @Test
  void passwordsBeyondBcryptsLengthAreCompared() {
    PasswordCheck check = new PasswordCheck(1, Duration.ofSeconds(10));
    String hash = TestRegistry.bcrypt("x".repeat(72));

    assertThat(check.matches("x".repeat(100), hash)).isTrue();
    assertThat(check.matches("x".repeat(71), hash)).isFalse();
  }

  @Test
  void aPasswordThatWasRightIsNotForgottenUntilTheHashChanges() {
    PasswordCheck check = new PasswordCheck(1, Duration.ofSeconds(10));
    String old = TestRegistry.bcrypt("old");

    assertThat(check.matches("old", old)).isTrue();
    assertThat(check.matches("old", old)).isTrue();
    assertThat(check.matches("old", TestRegistry.bcrypt("new"))).isFalse();
  }

  @Test
  void manyWhoComeWithOnePasswordAtOnceCostOneComparison() throws Exception {
    PasswordCheck check = new PasswordCheck(1, Duration.ZERO);
    String hash =
        new String(BCrypt.with(BCrypt.Version.VERSION_2Y).hash(10, "ci".getBytes(UTF_8)), UTF_8);

    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Boolean>> jobs =
          threads.invokeAll(Collections.nCopies(16, () -> check.matches("ci", hash)));

      assertThat(jobs).allSatisfy(job -> assertThat(job.get()).isTrue());
    }
  }

  @Test
  void whoGuessesInAFloodIsToldToWaitWhileTheKnownPassThrough() throws Exception {
    PasswordCheck check = new PasswordCheck(1, Duration.ZERO);
    String known = TestRegistry.bcrypt("known");
    assertThat(check.matches("known", known)).isTrue();
    String slow = "$2y$14$abcdefghijklmnopqrstuu5xXgMzWWkH2vWY9ks0yLXXqxyzABCDE";

    List<Future<Boolean>> guesses = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        String guess = "guess" + i;
        guesses.add(threads.submit(() -> check.matches(guess, slow)));
      }
      assertThat(check.matches("known", known)).isTrue();
      threads.shutdown();
      assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(guesses)
        .filteredOn(guess -> guess.state() == Future.State.FAILED)
        .isNotEmpty()
        .allSatisfy(
            guess -> {
              assertThat(guess.exceptionNow()).isInstanceOf(OciException.class);
              OciException refusal = (OciException) guess.exceptionNow();
              assertThat(refusal.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
              assertThat(refusal.headers()).containsKey("Retry-After");
            });
    assertThat(guesses)
        .filteredOn(guess -> guess.state() == Future.State.SUCCESS)
        .isNotEmpty()
        .allSatisfy(guess -> assertThat(guess.resultNow()).isFalse());
  }
}
