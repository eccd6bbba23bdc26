package dev.berth.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

  @TempDir private Path folder;

  @Test
  void keepsTheLoginFromOneStartToTheNext() {
    String first;
    try (StateFolder state = StateFolder.open(folder, false)) {
      first = Login.of(state).password();
    }

    try (StateFolder state = StateFolder.open(folder, false)) {
      assertThat(Login.of(state).password()).isEqualTo(first).hasSizeGreaterThan(20);
    }
  }

  @Test
  void forgetsEverythingWhenAskedFor() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "x");
    Path inside = folder.resolve("state");
    try (StateFolder state = StateFolder.open(inside, false)) {
      state.writePrivate("password", "old");
      Files.createSymbolicLink(inside.resolve("link"), outside);
    }

    try (StateFolder state = StateFolder.open(inside, true)) {
      assertThat(state.file("password")).doesNotExist();
    }
    assertThat(inside.resolve("link")).doesNotExist();
    assertThat(outside.resolve("kept")).hasContent("x");
  }

  @Test
  void leavesAFolderOfSomethingElseAlone() throws IOException {
    Path photo = Files.writeString(folder.resolve("photo"), "x");
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);

    assertThatThrownBy(() -> StateFolder.open(folder, true))
        .isInstanceOf(QuickstartException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("--state DIR");
    assertThat(photo).hasContent("x");
    assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(permissions);
  }

  @Test
  void letsOnlyTheOwnerReadItsFiles() throws IOException {
    try (StateFolder state = StateFolder.open(folder, false)) {
      Path password = Login.of(state).passwordFile();

      assertThat(Files.getPosixFilePermissions(password))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(Files.getPosixFilePermissions(folder))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void makesAHashThatFitsThePassword() {
    try (StateFolder state = StateFolder.open(folder, false)) {
      Login login = Login.of(state);

      String line = login.htpasswdLine();

      assertThat(line).startsWith("berth:$2y$10$").doesNotContain(login.password());
      assertThat(login.matches(line)).isTrue();
      assertThat(login.matches("berth:" + "$2y$10$" + "a".repeat(53))).isFalse();
      assertThat(login.matches("")).isFalse();
    }
  }

  @Test
  void namesAFolderThatItCannotUse() {
    Path unusable = folder.resolve("file");
    try (StateFolder state = StateFolder.open(folder, false)) {
      state.writePrivate("file", "");
    }

    assertThatThrownBy(() -> StateFolder.open(unusable, false))
        .isInstanceOf(QuickstartException.class)
        .hasMessageContaining(unusable.toString())
        .hasMessageContaining("--state DIR");
  }
}
