package dev.berth.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.github.bucket4j.TimeMeter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Guessing becomes slow, for the name and for the address, and keeps nobody else out. */
final class GuessLimitTest {
  private static final int BURST = 5;
  private static final InetSocketAddress ATTACKER = new InetSocketAddress("192.0.2.1", 40_000);
  private static final InetSocketAddress OFFICE = new InetSocketAddress("192.0.2.2", 40_000);

  private final AtomicLong nanos = new AtomicLong();
  private final GuessLimit limit =
      new GuessLimit(
          new RegistryConfiguration.WrongPasswords(6, BURST),
          new TimeMeter() {
            @Override
            public long currentTimeNanos() {
              return nanos.get();
            }

            @Override
            public boolean isWallClockBased() {
              return false;
            }
          });

  @Test
  void manyNamesFromOneAddressAreSlowedDown() {
    for (int i = 0; i < BURST; i++) {
      guess(ATTACKER, "name-" + i);
    }

    refused(ATTACKER, "one-more", "from this address; wait 10 s");
    admitted(OFFICE, "one-more");
  }

  @Test
  void oneNameFromManyAddressesIsSlowedDown() {
    for (int i = 0; i < BURST; i++) {
      guess(new InetSocketAddress("198.51.100." + i, 1), "alice");
    }

    refused(OFFICE, "alice", "for this user name; wait 10 s");
    admitted(OFFICE, "bob");
  }

  @Test
  void afterAWhileAnotherTryIsTaken() {
    for (int i = 0; i < BURST; i++) {
      guess(ATTACKER, "alice");
    }

    nanos.addAndGet(Duration.ofSeconds(11).toNanos());

    admitted(ATTACKER, "alice");
    guess(ATTACKER, "alice");
    refused(ATTACKER, "alice", "wait 9 s");
  }

  @Test
  void whoHadTheRightPasswordLatelyIsNotKeptOutByOthers() {
    // Given
    limit.right(limit.admit(OFFICE, "alice", "her own"));

    // When
    for (int i = 0; i < BURST; i++) {
      guess(OFFICE, "alice");
    }

    // Then
    assertThatCode(() -> limit.admit(OFFICE, "alice", "her own")).doesNotThrowAnyException();
    refused(OFFICE, "alice", "wait 10 s");
  }

  @Test
  void thoseThatAreLookedAtMeanwhileCountAsWell() {
    // Given
    GuessLimit.Try last = limit.admit(ATTACKER, "alice", "0");
    for (int i = 1; i < BURST; i++) {
      guess(ATTACKER, "alice");
    }
    refused(ATTACKER, "alice", "wait 10 s");

    // When
    limit.right(last);

    // Then
    admitted(ATTACKER, "alice");
  }

  @Test
  void manyThatComeAtOnceWithOnePasswordAreOneGuess() {
    // When
    List<GuessLimit.Try> together =
        Stream.generate(() -> limit.admit(OFFICE, "ci", "its own")).limit(100).toList();

    // Then
    together.forEach(limit::right);
    for (int i = 0; i < BURST; i++) {
      guess(OFFICE, "other-" + i);
    }
    refused(OFFICE, "other", "wait 10 s");
  }

  @Test
  void theSameWrongPasswordAgainIsAnotherGuess() {
    for (int i = 0; i < BURST; i++) {
      guess(ATTACKER, "alice");
    }

    refused(ATTACKER, "alice", "wait 10 s");
  }

  private void guess(InetSocketAddress from, String name) {
    assertThatCode(() -> limit.wrong(limit.admit(from, name, "guess"))).doesNotThrowAnyException();
  }

  private void admitted(InetSocketAddress from, String name) {
    assertThatCode(() -> limit.undecided(limit.admit(from, name, "guess")))
        .doesNotThrowAnyException();
  }

  private void refused(InetSocketAddress from, String name, String why) {
    assertThatThrownBy(() -> limit.admit(from, name, "guess"))
        .hasMessageContaining(why)
        .asInstanceOf(type(OciException.class))
        .satisfies(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
              assertThat(refusal.headers()).containsKey("Retry-After");
            });
  }
}
