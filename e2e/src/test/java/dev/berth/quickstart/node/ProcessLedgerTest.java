package dev.berth.quickstart.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLedgerTest {

  @TempDir private Path folder;

  @Test
  void endsWhatAKilledRunLeft() throws IOException, InterruptedException {
    Process left = new ProcessBuilder("sleep", "300").start();
    new ProcessLedger(folder).add(left.pid());

    int ended = new ProcessLedger(folder).endLeftovers();

    assertThat(ended).isEqualTo(1);
    assertThat(left.waitFor()).isNotZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void neverTouchesAForeignProcessThatGotTheSameId() throws IOException {
    Process foreign = new ProcessBuilder("sleep", "300").start();
    try {
      Files.writeString(folder.resolve(Long.toString(foreign.pid())), "another boot 12345");

      int ended = new ProcessLedger(folder).endLeftovers();

      assertThat(ended).isZero();
      assertThat(foreign.isAlive()).isTrue();
      assertThat(folder).isEmptyDirectory();
    } finally {
      foreign.destroyForcibly();
    }
  }

  @Test
  void forgetsAProcessThatEnded() throws IOException, InterruptedException {
    ProcessLedger ledger = new ProcessLedger(folder);
    ChildProcess child = ChildProcess.start(ledger, new ProcessBuilder("sleep", "300"));

    child.stop(Duration.ofSeconds(10));

    assertThat(child.isAlive()).isFalse();
    assertThat(ledger.endLeftovers()).isZero();
  }
}
