package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.Node.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritingTest {
  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void containerd() throws Exception {
    node = Node.withContainerd(folder);
  }

  @Test
  void everyHostGetsItsDirectory() throws Exception {
    // Given
    node.plan(
        "configure", "old CA", Map.of(Node.HOST, "by address", "[fd00::1]:5000", "with a port"));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome)
        .isEqualTo(new Outcome(true, "Configured", "containerd reads /etc/containerd/certs.d."));
    Path directory = node.directory(Node.HOST);
    assertThat(directory.resolve("hosts.toml")).hasContent("by address");
    assertThat(directory.resolve("ca.crt")).hasContent("old CA");
    assertThat(node.directory("[fd00::1]:5000").resolve("hosts.toml")).hasContent("with a port");
    assertThat(node.tree().keySet().stream().filter(name -> name.startsWith(Node.CERTS + "/")))
        .containsExactlyInAnyOrder(
            Node.CERTS + "/" + Node.HOST,
            Node.CERTS + "/" + Node.HOST + "/.berth",
            Node.CERTS + "/" + Node.HOST + "/ca.crt",
            Node.CERTS + "/" + Node.HOST + "/hosts.toml",
            Node.CERTS + "/[fd00::1]:5000",
            Node.CERTS + "/[fd00::1]:5000/.berth",
            Node.CERTS + "/[fd00::1]:5000/ca.crt",
            Node.CERTS + "/[fd00::1]:5000/hosts.toml");
  }

  @Test
  void whatIsAsItShouldBeIsNotWrittenAgain() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    Path file = node.directory(Node.HOST).resolve("hosts.toml");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));

    // When
    node.pass();

    // Then
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1000));
  }

  @Test
  void aRotationReplacesTheAuthorityAndNothingElse() throws Exception {
    // Given
    node.plan("configure", "old CA", Map.of(Node.HOST, "by address"));
    node.pass();
    Map<String, String> before = node.tree();

    // When
    node.plan("configure", "old CA\nnew CA", Map.of(Node.HOST, "by address"));
    node.pass();

    // Then
    before.put(Node.CERTS + "/" + Node.HOST + "/ca.crt", "old CA\nnew CA");
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void whatSomebodyDeletedOrChangedComesBack() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address", "other.example", "too"));
    node.pass();
    Map<String, String> before = node.tree();
    Files.writeString(node.directory(Node.HOST).resolve("hosts.toml"), "by hand");
    Files.delete(node.directory(Node.HOST).resolve("ca.crt"));
    for (String file : new String[] {"hosts.toml", "ca.crt", ".berth"}) {
      Files.delete(node.directory("other.example").resolve(file));
    }
    Files.delete(node.directory("other.example"));

    // When
    node.pass();

    // Then
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void withoutAnAuthorityThereIsNoFileForIt() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();

    // When
    node.plan("configure", "", Map.of(Node.HOST, "by address"));
    node.pass();

    // Then
    assertThat(node.directory(Node.HOST).resolve("ca.crt")).doesNotExist();
    assertThat(node.directory(Node.HOST).resolve("hosts.toml")).exists();
  }

  @Test
  void aDirectoryWithoutTheMarkerIsLeftAloneAndReported() throws Exception {
    // Given
    node.write(Node.CERTS + "/" + Node.HOST + "/hosts.toml", "somebody's");
    Map<String, String> before = node.tree();
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(node.tree()).isEqualTo(before);
    assertThat(outcome.ready()).isFalse();
    assertThat(outcome.reason()).isEqualTo("HostTaken");
    assertThat(outcome.message())
        .contains("/etc/containerd/certs.d/" + Node.HOST + " was not written by Berth");
  }

  @Test
  void aLinkInPlaceOfTheDirectoryIsLeftAlone() throws Exception {
    // Given
    node.write(
        "elsewhere/.berth",
        "# Written by Berth for Registry registries/main. Changes are overwritten.");
    Files.createDirectories(node.directory("any").getParent());
    Files.createSymbolicLink(node.directory(Node.HOST), Path.of("/elsewhere"));
    Map<String, String> before = node.tree();
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(node.tree()).isEqualTo(before);
    assertThat(outcome.reason()).isEqualTo("HostTaken");
  }

  @Test
  void anotherRegistrysDirectoryIsNamedAsSuchAndTheOtherHostsAreWritten() throws Exception {
    // Given
    node.planOf("team-a/main", "configure", "CA of team A", Map.of("shared.example", "team A"));
    node.pass();

    // When
    node.plan("configure", "CA", Map.of("shared.example", "mine", Node.HOST, "by address"));
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("HostTaken");
    assertThat(outcome.message()).contains("shared.example belongs to Registry team-a/main");
    assertThat(node.directory("shared.example").resolve("hosts.toml")).hasContent("team A");
    assertThat(node.directory(Node.HOST).resolve("hosts.toml")).hasContent("by address");
  }

  @Test
  void foreignFilesStayByteForByteWhateverHappens() throws Exception {
    // Given
    node.write(Node.CERTS + "/docker.io/hosts.toml", "server = \"https://mirror\"\r\n\t# mine");
    node.write(Node.CERTS + "/_default/ca.crt", "PEM");
    node.write("etc/containerd/conf.d/x.toml", "version = 3\n");
    Map<String, String> before = node.tree();

    // When
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    node.plan("configure", "CA", Map.of("other.example", "by address"));
    node.pass();
    node.plan("remove", "CA", Map.of());
    node.pass();

    // Then
    assertThat(node.tree()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../escape", "..", ".hidden", "a/b", "a b", "$(id)", "a;b"})
  void whatIsNoHostNeverBecomesAPath(String name) throws Exception {
    // Given
    Map<String, String> before = node.tree();
    node.plan("configure", "CA", Map.of(name, "by address"));

    // When
    node.pass();

    // Then
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void aPlanThatIsNotThereYetChangesNothing() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    Map<String, String> before = node.tree();
    Files.writeString(folder.resolve("plan/plan"), "action configure\nowner registries/main\n");

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("PlanIncomplete");
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void whatCannotBeWrittenIsSaidInTheSystemsWords() throws Exception {
    // Given
    node.write(Node.CERTS, "a file where the directory should be");
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("WriteFailed");
    assertThat(outcome.message()).contains("/etc/containerd/certs.d/" + Node.HOST, "File exists");
  }
}
