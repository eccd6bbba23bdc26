package dev.berth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PullCredentialTest {
  private static final byte[] KEY = new byte[PullCredential.KEY_BYTES];
  private static final PullCredential CREDENTIAL = new PullCredential("team-a/ci.main", "prod");

  @Test
  void aUserNameNamesThePolicyAndTheNamespace() {
    assertThat(CREDENTIAL.username()).isEqualTo("pull/team-a/ci.main/prod");
    assertThat(PullCredential.ofUsername("pull/team-a/ci.main/prod")).contains(CREDENTIAL);
  }

  @Test
  void theNameOfAUserNamesNoCredential() {
    assertThat(Stream.of("alice", "pull", "pull/", "pull/x", "Pull/a/b/c"))
        .allSatisfy(name -> assertThat(PullCredential.ofUsername(name)).isEmpty());
  }

  @Test
  void everyPartOfACredentialMakesAnotherPassword() {
    // Given
    byte[] otherKey = new byte[PullCredential.KEY_BYTES];
    otherKey[0] = 1;

    // When
    Set<String> passwords =
        Stream.of(
                CREDENTIAL.password(KEY, "u", 1),
                CREDENTIAL.password(otherKey, "u", 1),
                CREDENTIAL.password(KEY, "v", 1),
                CREDENTIAL.password(KEY, "u", 2),
                new PullCredential("team-a/ci.main", "test").password(KEY, "u", 1),
                new PullCredential("team-a/ci", "prod").password(KEY, "u", 1))
            .collect(Collectors.toSet());

    // Then
    assertThat(passwords).hasSize(6).allSatisfy(p -> assertThat(p).hasSize(43));
    assertThat(CREDENTIAL.password(KEY.clone(), "u", 1)).isIn(passwords);
  }
}
