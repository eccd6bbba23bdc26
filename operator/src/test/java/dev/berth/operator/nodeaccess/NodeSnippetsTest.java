package dev.berth.operator.nodeaccess;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.RegistryModel;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ready files, read back by parsers and by the keys that each project's documentation has. */
class NodeSnippetsTest {
  private static final TomlMapper TOML = new TomlMapper();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String CERTS = "/etc/containerd/certs.d";
  private static final String HOST = "main.registries.svc";
  private static final List<String> URLS = List.of("https://10.96.3.4", "https://[fd00::4]");

  private RegistryModel model;
  private Map<String, String> files;

  @BeforeEach
  void render() throws Exception {
    model =
        Rendering.model(
            "externalHosts: [registry.example.com]",
            new ClusterAddresses(List.of("10.96.3.4", "fd00::4"), null));
    files = NodeSnippets.files(model, NodeChild.nodes(model));
  }

  /** containerd/docs/cri/registry.md: the plug-in has another name in containerd 2. */
  @Test
  void containerdOfEitherMajorVersionFindsItsTable() throws Exception {
    assertBothTables(file("containerd.toml"));
  }

  /** Its configuration is of version 2: kind/images/base/files/etc/containerd/config.toml. */
  @Test
  void kindsNodesFindTheTableOfTheirVersion() throws Exception {
    JsonNode kind = YAML.readTree(file("kind.yaml"));

    assertThat(kind.get("kind").asText()).isEqualTo("Cluster");
    assertThat(kind.get("apiVersion").asText()).isEqualTo("kind.x-k8s.io/v1alpha4");
    assertThat(kind.get("containerdConfigPatches")).hasSize(1);
    assertBothTables(kind.get("containerdConfigPatches").get(0).asText());
  }

  /** amazon-eks-ami/nodeadm/doc/examples.md; its templates are of version 2 or 3. */
  @Test
  void nodeadmMergesATableOfEitherVersion() throws Exception {
    JsonNode node = YAML.readTree(file("eks-nodeadm.yaml"));

    assertThat(node.get("apiVersion").asText()).isEqualTo("node.eks.aws/v1alpha1");
    assertThat(node.get("kind").asText()).isEqualTo("NodeConfig");
    assertBothTables(node.at("/spec/containerd/config").asText());
  }

  /** docs.k3s.io/installation/private-registry. */
  @Test
  void k3sKnowsTheAddressesAsEndpointsAndTheirAuthority() throws Exception {
    JsonNode k3s = YAML.readTree(file("k3s-registries.yaml"));

    assertThat(texts(k3s.at("/mirrors").path(HOST).path("endpoint"))).isEqualTo(URLS);
    for (String address : List.of("10.96.3.4", "[fd00::4]")) {
      assertThat(k3s.path("configs").path(address).at("/tls/ca_file").asText())
          .isEqualTo("/etc/rancher/k3s/registries-main.crt");
    }
  }

  /** Talos: machine.registries of the machine configuration. */
  @Test
  void talosKnowsTheAddressesAsEndpointsAndTheirAuthority() throws Exception {
    JsonNode registries = YAML.readTree(file("talos.yaml")).at("/machine/registries");

    assertThat(texts(registries.path("mirrors").path(HOST).path("endpoints"))).isEqualTo(URLS);
    for (String address : List.of("10.96.3.4", "[fd00::4]")) {
      assertThat(decoded(registries.path("config").path(address).at("/tls/ca")))
          .isEqualTo(model.tls().trusted());
    }
  }

  /** bottlerocket.dev: settings.container-registry.mirrors and settings.pki. */
  @Test
  void bottlerocketKnowsTheAddressesAsEndpointsAndTrustsTheAuthority() throws Exception {
    JsonNode settings = TOML.readTree(file("bottlerocket.toml")).get("settings");

    JsonNode first = settings.at("/container-registry/mirrors/0");
    assertThat(first.get("registry").asText()).isEqualTo(HOST);
    assertThat(texts(first.get("endpoint"))).isEqualTo(URLS);
    assertThat(decoded(settings.at("/pki/registries-main/data"))).isEqualTo(model.tls().trusted());
    assertThat(settings.at("/pki/registries-main/trusted").asBoolean()).isTrue();
  }

  /** kubelet.config.k8s.io/v1: CredentialProviderConfig. */
  @Test
  void theKubeletAsksTheProviderForTheRegistrysImagesWithATokenThatKubeletsMayAskFor()
      throws Exception {
    // When
    JsonNode provider = YAML.readTree(file("credential-provider.yaml")).at("/providers/0");
    JsonNode role = YAML.readTree(file("credential-provider-rights.yaml"));

    // Then
    assertThat(provider.get("name").asText()).isEqualTo("berth-credential-provider");
    assertThat(texts(provider.get("matchImages"))).contains(HOST, "registry.example.com");
    JsonNode token = provider.get("tokenAttributes");
    assertThat(token.get("cacheType").asText()).isEqualTo("Token");
    assertThat(token.get("requireServiceAccount").asBoolean()).isTrue();
    assertThat(texts(role.at("/rules/0/resources")))
        .containsExactly(token.get("serviceAccountTokenAudience").asText());
    assertThat(texts(role.at("/rules/0/verbs")))
        .containsExactly("request-serviceaccounts-token-audience");
  }

  @Test
  void everyFileIsWholeYaml() throws Exception {
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (file.getKey().endsWith(".yaml")) {
        assertThat(YAML.readValues(new YAMLFactory().createParser(file.getValue()), JsonNode.class))
            .as(file.getKey())
            .toIterable()
            .isNotEmpty();
      }
    }
  }

  private static void assertBothTables(String toml) throws IOException {
    JsonNode plugins = TOML.readTree(toml).get("plugins");
    for (String plugin : List.of("io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images")) {
      assertThat(plugins.path(plugin).at("/registry/config_path").asText()).isEqualTo(CERTS);
    }
  }

  private String file(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }

  private static String decoded(JsonNode text) {
    return new String(Base64.getDecoder().decode(text.asText()), UTF_8);
  }
}
