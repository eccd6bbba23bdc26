package dev.berth.operator.nodeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.AllowedHosts;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.TlsModel;
import dev.berth.operator.tls.CertificateFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What containerd reads, read back by a parser of TOML. */
class HostsTomlTest {
  private static final TomlMapper TOML = new TomlMapper();
  private static final String HOST = "main.registries.svc";
  private static final ClusterAddresses BOTH_FAMILIES =
      new ClusterAddresses(List.of("10.96.3.4", "fd00::4"), null);

  @Test
  void nodesAskTheServicesAddressesThenTheExternalHost() throws Exception {
    JsonNode toml = hosts("externalHosts: [registry.example.com]", BOTH_FAMILIES, HOST);

    assertThat(toml.get("server").asText()).isEqualTo("https://registry.example.com");
    assertThat(names(toml)).containsExactly("https://10.96.3.4", "https://[fd00::4]");
    for (JsonNode part :
        List.of(
            toml,
            toml.get("host").get("https://10.96.3.4"),
            toml.get("host").get("https://[fd00::4]"))) {
      assertThat(part.get("ca").asText()).isEqualTo("ca.crt");
      assertThat(part.get("dial_timeout").asText()).isEqualTo("1s");
      assertThat(part.get("capabilities").toString()).isEqualTo("[\"pull\",\"resolve\"]");
    }
  }

  @Test
  void withoutAnExternalHostNobodyAsksForANameThatNoNodeCanResolve() throws Exception {
    JsonNode toml = hosts("", BOTH_FAMILIES, HOST);

    assertThat(toml.get("server").asText()).isEqualTo("https://[fd00::4]");
    assertThat(names(toml)).containsExactly("https://10.96.3.4");
  }

  @Test
  void anExternalHostFallsBackToItself() throws Exception {
    JsonNode toml =
        hosts("externalHosts: [a.example, \"b.example:5000\"]", BOTH_FAMILIES, "b.example:5000");

    assertThat(toml.get("server").asText()).isEqualTo("https://b.example:5000");
  }

  @Test
  void plainHttpHasNoAuthority() throws Exception {
    JsonNode toml = hosts("tls: {disabled: {}}", BOTH_FAMILIES, HOST);

    assertThat(toml.get("server").asText()).isEqualTo("http://[fd00::4]");
    assertThat(toml.has("ca")).isFalse();
  }

  @Test
  void anAddressThatTheUsersCertificateDoesNotNameIsLeftOut() throws Exception {
    // Given
    CertificateFacts facts =
        new CertificateFacts(
            Instant.EPOCH, Instant.MAX, Set.of("registry.example.com", "10.96.3.4"), "ab");

    // When
    JsonNode toml =
        hosts(
            "externalHosts: [registry.example.com], tls: {secretRef: {name: cert}}",
            new ClusterAddresses(List.of("10.96.3.4", "fd00::4"), facts),
            HOST);

    // Then
    assertThat(names(toml)).containsExactly("https://10.96.3.4");
    assertThat(toml.get("server").asText()).isEqualTo("https://registry.example.com");
  }

  @Test
  void everyNameThatAnImageMayStartWithHasItsFile() throws Exception {
    // When
    RegistryModel model = Rendering.model("externalHosts: [registry.example.com]", BOTH_FAMILIES);
    Map<String, String> files = NodePlan.configure(model, NodeChild.nodes(model));

    // Then
    assertThat(files.getOrDefault("plan", "").lines())
        .contains("action configure", "owner registries/main")
        .contains("host h0 main.registries.svc", "host h2 registry.example.com")
        .contains("address 10.96.3.4", "address [fd00::4]")
        .endsWith("end")
        // To every client this is a repository of Docker Hub, and that may be a name of the world.
        .noneMatch(line -> line.matches("host h\\d main(\\.registries)?"));
    assertThat(files.get("h0.hosts.toml"))
        .startsWith("# Written by Berth for Registry registries/main. Changes are overwritten.\n");
    assertThat(files.get("ca.crt")).contains("BEGIN CERTIFICATE");
  }

  @Test
  void aHostThatTheOperatorIsNotLetTellNodesIsOnNone() throws Exception {
    // When
    RegistryModel model =
        Rendering.model(
            "externalHosts: [registry.example.com, docker.io]",
            BOTH_FAMILIES,
            new AllowedHosts(List.of("*.example.com")));
    Map<String, String> files = NodePlan.configure(model, NodeChild.nodes(model));

    // Then
    assertThat(files.getOrDefault("plan", ""))
        .contains("registry.example.com")
        .doesNotContain("docker.io");
    assertThat(files.get("registries.conf"))
        .contains("registry.example.com")
        .doesNotContain("docker.io");
    assertThat(NodeSnippets.files(model, NodeChild.nodes(model)).values())
        .noneMatch(file -> file.contains("docker.io"));
    assertThat(NodeChild.nodes(model).refused()).containsExactly("docker.io");
  }

  @Test
  void whatAnotherRegistryHasOrIsAnothersNameInTheClusterIsOnNoneWhateverIsAllowed()
      throws Exception {
    // When
    RegistryModel model =
        Rendering.model(
            "externalHosts: [registry.example.com, other.team-a.svc, main.registries.svc]",
            BOTH_FAMILIES,
            new AllowedHosts(List.of("*")),
            Map.of("registry.example.com", new ObjectKey("team-a", "main")));

    // Then
    assertThat(NodeChild.nodes(model).hosts())
        .containsExactly("main.registries.svc", "main.registries.svc.cluster.local");
    assertThat(NodeChild.nodes(model).refused()).containsExactly("other.team-a.svc");
  }

  /** containerd before 1.7.32 refuses a file without a table of hosts. */
  @Test
  void oneAddressAloneIsAFileOfContainerd17Too() throws Exception {
    JsonNode toml = hosts("", new ClusterAddresses(List.of("10.96.3.4"), null), HOST);

    assertThat(toml.get("server").asText()).isEqualTo("https://10.96.3.4");
    assertThat(toml.get("host")).isNotNull().isEmpty();
  }

  @Test
  void criosMirrorsAreTheSame() throws Exception {
    // When
    RegistryModel model = Rendering.model("externalHosts: [registry.example.com]", BOTH_FAMILIES);
    JsonNode first =
        TOML.readTree(RegistriesConf.render(model, NodeChild.nodes(model))).get("registry").get(0);

    // Then
    assertThat(first.get("location").asText()).isEqualTo(HOST);
    assertThat(first.get("mirror").findValuesAsText("location"))
        .containsExactly("10.96.3.4", "[fd00::4]", "registry.example.com");
  }

  @Test
  void theServersOwnCertificateAndRealmsNameTheAddresses() throws Exception {
    RegistryModel model = Rendering.model("", BOTH_FAMILIES);

    assertThat(model.configuration()).contains("- \"10.96.3.4\"").contains("[fd00::4]");
    assertThat(
            CertificateFacts.of(((TlsModel.SelfSigned) model.tls()).server())
                .missing(List.of("10.96.3.4", "fd00::4", HOST)))
        .isEmpty();
  }

  private static JsonNode hosts(String fields, ClusterAddresses addresses, String host)
      throws Exception {
    RegistryModel model = Rendering.model(fields, addresses);
    return TOML.readTree(HostsToml.render(model, NodeChild.nodes(model), host));
  }

  private static List<String> names(JsonNode toml) {
    return toml.get("host").properties().stream().map(Map.Entry::getKey).toList();
  }
}
