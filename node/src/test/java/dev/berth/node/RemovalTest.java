package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.Node.Outcome;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void containerd() throws Exception {
    node = Node.withContainerd(folder);
    node.write(Node.CERTS + "/docker.io/hosts.toml", "somebody's");
  }

  @Test
  void allOfItGoesWhenThePlanSaysSo() throws Exception {
    // Given
    Map<String, String> before = node.tree();
    node.plan("configure", "CA", Map.of(Node.HOST, "by address", "a.example:5000", "too"));
    node.pass();

    // When
    node.plan("remove", "", Map.of());
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome)
        .isEqualTo(new Outcome(true, "Removed", "Nothing of registries/main is left."));
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void itGoesFromWhereverTheRuntimeLooks() throws Exception {
    // Given
    node.write(
        "etc/containerd/config.toml", Node.CONFIGURATION.replace("/etc/containerd", "/opt/own"));
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    assertThat(node.file("opt/own/certs.d/" + Node.HOST)).exists();

    // When
    node.plan("remove", "", Map.of());
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("Removed");
    assertThat(node.file("opt/own/certs.d")).isEmptyDirectory();
  }

  @Test
  void aHostThatLeftThePlanGoes() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    Map<String, String> before = node.tree();
    node.plan("configure", "CA", Map.of(Node.HOST, "by address", "10.2", "too", "10.20", "and"));
    node.pass();

    // When
    node.plan("configure", "CA", Map.of(Node.HOST, "by address", "10.20", "and"));
    node.pass();

    // Then: names are compared as text, not as numbers
    assertThat(node.directory("10.2")).doesNotExist();
    assertThat(node.directory("10.20")).exists();
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void whatSomebodyPutBesideItStaysWithoutTheMarker() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    node.write(Node.CERTS + "/" + Node.HOST + "/client.cert", "mine");

    // When
    node.plan("remove", "", Map.of());
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("Removed");
    assertThat(node.directory(Node.HOST)).isDirectoryContaining("glob:**/client.cert");
    assertThat(node.directory(Node.HOST).toFile().list()).containsExactly("client.cert");
  }

  @Test
  void otherRegistriesKeepTheirs() throws Exception {
    // Given
    node.planOf("registries/main-2", "configure", "CA", Map.of("two.example", "of main-2"));
    node.pass();
    node.write(Node.CERTS + "/.berth-registries_main-2_half/ca.crt", "on its way");
    Map<String, String> before = node.tree();
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();

    // When
    node.plan("remove", "", Map.of());
    node.pass();

    // Then
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void whatWasWrittenForAnEarlierConfigPathGoes() throws Exception {
    // Given
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
    node.pass();
    node.write(
        "etc/containerd/config.toml",
        Node.CONFIGURATION.replace("/etc/containerd/certs.d", "/etc/containerd/hosts.d"));

    // When
    node.pass();

    // Then
    assertThat(node.directory(Node.HOST)).doesNotExist();
    assertThat(node.file("etc/containerd/hosts.d/" + Node.HOST + "/hosts.toml")).exists();
  }
}
