package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.node.Node.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where runtimes look for hosts, by the files that distributions have. */
class RuntimeTest {
  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void bare() throws Exception {
    node = new Node(folder);
    node.plan("configure", "CA", Map.of(Node.HOST, "by address"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n  config_path = \"/x/y\" # mine",
        "version = 2\n[plugins]\n[plugins.\"io.containerd.grpc.v1.cri\"]\nregistry.config_path = '/x/y'",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\nregistry = { config_path = \"/x/y\" }",
        "[plugins.cri.registry]\nconfig_path = \"/x/y:/etc/docker/certs.d\"",
        "version = 3\r\n[plugins.'io.containerd.cri.v1.images'.registry]\r\nconfig_path = '/x/y'\r\n",
        "version = 3\n[ plugins . \"io.containerd.cri.v1.images\" . registry ]\nconfig_path=\"/x/y\"",
        "version = 3\nimports = [\n  'conf.d/*.toml', # all\n]\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = ''"
      })
  void containerdsConfigurationIsReadInEveryForm(String configuration) throws Exception {
    // Given
    node.write("run/containerd/containerd.sock", "");
    node.write("etc/containerd/config.toml", configuration);
    node.write(
        "etc/containerd/conf.d/10-more.toml",
        "[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/x/y'\n");

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.message()).isEqualTo("containerd reads /x/y.");
    assertThat(node.file("x/y/" + Node.HOST + "/hosts.toml")).hasContent("by address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "version = 2\n#[plugins.\"io.containerd.grpc.v1.cri\".registry]\n#config_path = \"/x\"",
        "version = 3\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/x\"",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"\"",
        "version = 2\nx = '''\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/x\"\n'''",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".image_decryption]\nconfig_path = \"/x\""
      })
  void withoutAConfigPathNothingIsWrittenAndTheRemedyIsSaid(String configuration) throws Exception {
    // Given
    node.write("run/containerd/containerd.sock", "");
    node.write("etc/containerd/config.toml", configuration);
    Map<String, String> before = node.tree();

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("ConfigPathUnset");
    assertThat(outcome.message()).contains("Set config_path = \"/etc/containerd/certs.d\"");
    assertThat(node.tree()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "bottlerocket, settings for Bottlerocket",
    "talos, machine configuration for Talos",
    "amzn, NodeConfig for nodeadm"
  })
  void theRemedyIsThatOfTheDistribution(String id, String words) throws Exception {
    // Given
    node.write("run/containerd/containerd.sock", "");
    node.write("etc/os-release", "NAME=x\nID=\"%s\"\n".formatted(id));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("ConfigPathUnset");
    assertThat(outcome.message()).contains(words);
  }

  @Test
  void aContainerdThatHasAPathBuiltInNeedsNoConfiguration() throws Exception {
    // Given: as in the program of 2.2
    node.write("run/containerd/containerd.sock", "");
    node.write(
        "usr/bin/containerd", "\u0000text/etc/containerd/certs.d:/etc/docker/certs.dmore\u0000");

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("Configured");
    assertThat(node.directory(Node.HOST).resolve("hosts.toml")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry.mirrors.'docker.io']\nendpoint = ['https://mirror']",
        "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = ''\nmirrors.'docker.io' = {endpoint = ['https://mirror']}",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors]\n\"docker.io\" = {endpoint = [\"https://mirror\"]}",
        "version = 2\nimports = ['conf.d/*.toml']"
      })
  void mirrorsInTheConfigurationTurnOffWhatIsBuiltInAndMustGoFirst(String configuration)
      throws Exception {
    // Given
    node.write("run/containerd/containerd.sock", "");
    node.write("usr/bin/containerd", "/etc/containerd/certs.d:/etc/docker/certs.d");
    node.write("etc/containerd/config.toml", configuration);
    node.write(
        "etc/containerd/conf.d/mirrors.toml",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\n");
    Map<String, String> before = node.tree();

    // When
    Outcome outcome = node.pass();

    // Then: containerd does not serve pods with both
    assertThat(outcome.reason()).isEqualTo("ConfigPathUnset");
    assertThat(outcome.message()).contains("registry.mirrors must go first");
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void whatContainerdWritesWhenItIsAskedForItsDefaultsListsNoMirrors() throws Exception {
    // Given
    node.write("run/containerd/containerd.sock", "");
    node.write("usr/bin/containerd", "/etc/containerd/certs.d:/etc/docker/certs.d");
    node.write(
        "etc/containerd/config.toml",
        """
        version = 2
        [plugins]
          [plugins."io.containerd.grpc.v1.cri"]
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = ""
              [plugins."io.containerd.grpc.v1.cri".registry.auths]
              [plugins."io.containerd.grpc.v1.cri".registry.mirrors]
        """);

    // When, Then
    assertThat(node.pass().reason()).isEqualTo("Configured");
  }

  @Test
  void k3sWithADataDirectoryOfItsOwnIsFoundByItsProcess() throws Exception {
    // Given
    String directory = "data/k3s/agent/etc/containerd";
    node.write("run/k3s/containerd/containerd.sock", "");
    node.write("proc/77/comm", "containerd\n");
    node.write("proc/77/cmdline", "containerd\u0000-c\u0000/" + directory + "/config.toml\u0000");
    node.write(
        directory + "/config.toml",
        Node.CONFIGURATION.replace("/etc/containerd/certs.d", "/" + directory + "/certs.d"));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.message()).isEqualTo("k3s reads /" + directory + "/certs.d.");
  }

  @ParameterizedTest
  @CsvSource({
    "k3s, run/k3s/containerd/containerd.sock, var/lib/rancher/k3s/agent/etc/containerd",
    "rke2, run/k3s/containerd/containerd.sock, var/lib/rancher/rke2/agent/etc/containerd"
  })
  void k3sAndRke2HaveDirectoriesOfTheirOwn(String name, String socket, String directory)
      throws Exception {
    // Given: also the containerd of the operating system, which the kubelet does not use
    node.write(socket, "");
    node.write("run/containerd/containerd.sock", "");
    node.write("etc/containerd/config.toml", Node.CONFIGURATION);
    node.write(
        directory + "/config.toml",
        Node.CONFIGURATION.replace("/etc/containerd/certs.d", "/" + directory + "/certs.d"));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.message()).isEqualTo(name + " reads /" + directory + "/certs.d.");
    assertThat(node.file(directory + "/certs.d/" + Node.HOST + "/hosts.toml")).exists();
    assertThat(node.directory(Node.HOST)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "containerd\u0000--log-level\u0000info\u0000--config\u0000/opt/kube/containerd.toml\u0000",
        "/usr/bin/containerd\u0000-c\u0000/opt/kube/containerd.toml\u0000",
        "containerd\u0000--config=/opt/kube/containerd.toml\u0000"
      })
  void theConfigurationThatContainerdWasStartedWithCounts(String commandLine) throws Exception {
    // Given: no socket where it usually is
    node.write("proc/1/comm", "systemd\n");
    node.write("proc/1/cmdline", "/sbin/init\u0000");
    node.write("proc/77/comm", "containerd\n");
    node.write("proc/77/cmdline", commandLine);
    node.write("etc/containerd/config.toml", "version = 3\n");
    node.write("opt/kube/containerd.toml", Node.CONFIGURATION);

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("Configured");
    assertThat(node.directory(Node.HOST).resolve("hosts.toml")).exists();
  }

  @Test
  void whatAContainerSaysOfItsContainerdDoesNotCount() throws Exception {
    // Given: a pod's process, which is seen here with a number of its own besides
    node.write("opt/containerd.toml", Node.CONFIGURATION);
    node.write("proc/1000/comm", "containerd\n");
    node.write("proc/1000/cmdline", "containerd\u0000--config=/var/lib/pod/own.toml\u0000");
    node.write("proc/1000/status", "Name:\tcontainerd\nNSpid:\t1000\t7\n");
    node.write(
        "var/lib/pod/own.toml", Node.CONFIGURATION.replace("/etc/containerd", "/var/lib/pod"));
    node.write("proc/700/comm", "containerd\n");
    node.write("proc/700/cmdline", "containerd\u0000--config=/opt/containerd.toml\u0000");
    node.write("proc/700/status", "Name:\tcontainerd\nNSpid:\t700\n");

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("Configured");
    assertThat(node.directory(Node.HOST).resolve("hosts.toml")).exists();
    assertThat(node.file("var/lib/pod/certs.d")).doesNotExist();
  }

  @Test
  void whatSomebodyElseRunsUnderContainerdsNameDoesNotCount() throws Exception {
    // Given
    UserPrincipal root = Files.getOwner(node.root);
    assumeTrue(root.getName().equals("root"), "nobody else can give a file away");
    node.write("run/containerd/containerd.sock", "");
    node.write("etc/containerd/config.toml", Node.CONFIGURATION);
    node.write("proc/77/comm", "containerd\n");
    node.write("proc/77/cmdline", "containerd\u0000--config=/home/joe/own.toml\u0000");
    node.write("home/joe/own.toml", Node.CONFIGURATION.replace("/etc/containerd", "/etc/cron.d"));
    Files.setOwner(
        node.file("proc/77"),
        node.root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.message()).isEqualTo("containerd reads /etc/containerd/certs.d.");
    assertThat(node.file("etc/cron.d")).doesNotExist();
  }

  @Test
  void whatOthersThanRootCanChangeIsNotWrittenTo() throws Exception {
    // Given
    node.write("run/containerd/containerd.sock", "");
    node.write("etc/containerd/config.toml", Node.CONFIGURATION.replace("/etc/containerd", "/tmp"));
    Files.createDirectories(node.file("tmp"));
    Files.setPosixFilePermissions(node.file("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Map<String, String> before = node.tree();

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("WriteFailed");
    assertThat(outcome.message()).startsWith("/tmp/certs.d can be changed by others than root");
    assertThat(node.tree()).isEqualTo(before);
  }

  @Test
  void crioGetsNoMirrorsWhereAHostIsSomebodyElses() throws Exception {
    // Given
    node.write("run/crio/crio.sock", "");
    node.write("etc/containers/certs.d/" + Node.HOST + "/ca.crt", "somebody's");

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("HostTaken");
    assertThat(node.file("etc/containers/registries.conf.d")).doesNotExist();
  }

  @Test
  void linksOfTheNodeAreFollowedWithinTheNode() throws Exception {
    // Given
    node.write("run/containerd/containerd.sock", "");
    node.write("nix/store/containerd/config.toml", Node.CONFIGURATION);
    Files.createDirectories(node.file("etc/containerd"));
    Files.createSymbolicLink(
        node.file("etc/containerd/config.toml"), Path.of("/nix/store/containerd/config.toml"));
    Files.createDirectories(node.file("var/certs"));
    Files.createSymbolicLink(node.file(Node.CERTS), Path.of("../../../../../../var/certs"));

    // When
    node.pass();

    // Then
    assertThat(node.file("var/certs/" + Node.HOST + "/hosts.toml")).hasContent("by address");
  }

  @Test
  void crioGetsAuthoritiesAndAFileOfMirrors() throws Exception {
    // Given
    node.write("run/crio/crio.sock", "");
    node.write("etc/crio/crio.conf.d/reload.conf", "[crio.image]\nauto_reload_registries = true\n");

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("Configured");
    assertThat(node.file("etc/containers/certs.d/" + Node.HOST + "/ca.crt")).hasContent("CA");
    assertThat(node.file("etc/containers/certs.d/10.96.3.4/ca.crt")).hasContent("CA");
    assertThat(node.file("etc/containers/certs.d/" + Node.HOST + "/hosts.toml")).doesNotExist();
    assertThat(node.file("etc/containers/registries.conf.d/berth-registries_main.conf"))
        .content()
        .contains("[[registry]]");
    node.plan("remove", "", Map.of());
    assertThat(node.pass().reason()).isEqualTo("Removed");
    assertThat(node.tree().keySet())
        .noneMatch(name -> name.contains("berth") || name.endsWith("ca.crt"));
  }

  @Test
  void crioThatDoesNotReloadByItselfIsToldAboutUntilItStartsAgain() throws Exception {
    // Given
    node.write("run/crio/crio.sock", "");
    Files.setLastModifiedTime(node.file("run/crio/crio.sock"), FileTime.fromMillis(1000));

    // When
    Outcome before = node.pass();
    Files.setLastModifiedTime(
        node.file("run/crio/crio.sock"), FileTime.fromMillis(System.currentTimeMillis() + 10_000));
    Outcome after = node.pass();

    // Then
    assertThat(before.reason()).isEqualTo("ReloadNeeded");
    assertThat(before.message()).contains("systemctl restart crio");
    assertThat(after.reason()).isEqualTo("Configured");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run/cri-dockerd.sock", "run/nothing"})
  void aRuntimeThatCannotBeConfiguredIsSaid(String socket) throws Exception {
    // Given
    node.write(socket, "");
    Map<String, String> before = node.tree();

    // When
    Outcome outcome = node.pass();

    // Then
    assertThat(outcome.reason()).isEqualTo("RuntimeUnsupported");
    assertThat(node.tree()).isEqualTo(before);
  }
}
