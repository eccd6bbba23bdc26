package dev.berth.registry.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallestProgramTest {
  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void theOneForThisMachineEndsWithNothing() throws Exception {
    Path program = Files.write(folder.resolve("program"), SmallestProgram.ofThisMachine().bytes());
    assertThat(program.toFile().setExecutable(true)).isTrue();

    Process process = new ProcessBuilder(program.toString()).redirectErrorStream(true).start();

    assertThat(process.waitFor()).isZero();
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"AMD64, 62, 9", "ARM64, 183, 12"})
  void eachIsAnExecutableOfItsProcessorThatBeginsBehindItsHeaders(
      SmallestProgram program, int machine, int code) {
    ByteBuffer elf = ByteBuffer.wrap(program.bytes()).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(elf.getInt(0)).as("magic").isEqualTo(0x464c457f);
    assertThat(elf.getShort(18)).as("processor").isEqualTo((short) machine);
    assertThat(elf.capacity()).isEqualTo(64 + 56 + code);
    long loadedAt = elf.getLong(64 + 16);
    assertThat(elf.getLong(24)).as("entry").isEqualTo(loadedAt + 64 + 56);
    assertThat(elf.getLong(64 + 32)).as("bytes of the file").isEqualTo(elf.capacity());
    // Kernels with pages of 64 KiB map it too.
    assertThat(loadedAt % (64 << 10)).isZero();
  }
}
