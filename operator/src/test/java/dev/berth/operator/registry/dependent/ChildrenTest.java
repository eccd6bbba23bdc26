package dev.berth.operator.registry.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.nodeaccess.CanarySecretChild;
import dev.berth.operator.nodeaccess.NodeAccountChild;
import dev.berth.operator.nodeaccess.NodeAgentChild;
import dev.berth.operator.nodeaccess.NodeNetworkPolicyChild;
import dev.berth.operator.nodeaccess.NodePlanChild;
import dev.berth.operator.nodeaccess.NodeSnippetsChild;
import dev.berth.operator.policy.PolicyChoice;
import dev.berth.operator.registry.model.AllowedHosts;
import dev.berth.operator.registry.model.ClusterAddresses;
import dev.berth.operator.registry.model.KeptSecrets;
import dev.berth.operator.registry.model.KeyMaterial;
import dev.berth.operator.registry.model.NodeAccessModel;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryModelBuilder;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import dev.berth.operator.registry.model.StorageModel;
import dev.berth.operator.tls.CertificateIssuer;
import dev.berth.policy.Canary;
import dev.berth.policy.Creation;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.PullSecrets;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The children of each {@code in-*.yaml} are those of {@code out-*.yaml}, but for what Secrets
 * hold. {@code -Dgolden=write} writes the second anew from the first.
 */
class ChildrenTest {
  private static final Path FOLDER = Path.of("src/test/resources/children");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
  private static final CertificateIssuer ISSUER = new CertificateIssuer(CLOCK);
  private static final Map<String, String> KEYS =
      KeyMaterial.complete(new RegistryNames("main", "registries"), ISSUER, key -> null).data();
  private static final List<RegistryChild<?>> CHILDREN =
      List.of(
          new ServiceAccountChild(),
          new ConfigurationChild(),
          new KeysChild(),
          new PolicyChild(),
          new AuthorityChild(),
          new CertificateChild(),
          new ClaimChild(),
          new ServiceChild(),
          new ManagementServiceChild(),
          new NetworkPolicyChild(),
          new NodeAccountChild(),
          new NodePlanChild(),
          new NodeNetworkPolicyChild(),
          new NodeAgentChild(),
          new NodeSnippetsChild(),
          new CanarySecretChild(),
          new WorkloadChild());

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("in-"))
          .map(name -> name.substring("in-".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theyAreWhatTheirFileSays(String name) throws Exception {
    // Given
    Registry registry =
        Serialization.unmarshal(Files.readString(FOLDER.resolve("in-" + name)), Registry.class);

    // When
    String children = rendered(registry);

    // Then
    Path expected = FOLDER.resolve("out-" + name);
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(expected, children);
    }
    assertThat(children).isEqualTo(Files.readString(expected));
    assertThat(rendered(registry)).as("a second time").isEqualTo(children);
  }

  private static String rendered(Registry registry) throws Exception {
    RegistryModel model =
        new RegistryModelBuilder(
                "berth.dev/berth-registry:test",
                "berth.dev/berth-node:test",
                new AllowedHosts(List.of("*.example.com")),
                "berth-system",
                ISSUER,
                CLOCK)
            .build(
                registry,
                new KeptSecrets(KEYS, null, null, null, null),
                policy(registry),
                storage(registry),
                new ClusterAddresses(List.of("10.96.3.4", "fd00::4"), null),
                Map.of());
    return CHILDREN.stream()
        .filter(child -> child.isWanted(model))
        .map(child -> Serialization.asJson(withoutSecrets(child.desired(model))))
        .map(child -> Serialization.asYaml(sorted(Serialization.unmarshal(child, Map.class))))
        .collect(Collectors.joining());
  }

  private static StorageModel storage(Registry registry) {
    return StorageChoice.of(
        registry.getSpec(), new RegistryNames("main", "registries"), null, StorageModel.Hold.NONE);
  }

  /** The order of fields and labels is nobody's; that of the text in them is. */
  private static Object sorted(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> fields = new TreeMap<>();
        map.forEach((key, field) -> fields.put((String) key, sorted(field)));
        yield fields;
      }
      case List<?> list -> list.stream().map(ChildrenTest::sorted).toList();
      default -> value;
    };
  }

  private static PolicyChoice policy(Registry registry) {
    PolicyDocument.Content content =
        new PolicyDocument.Content(true, Creation.ON_PUSH, List.of(), List.of());
    return new PolicyChoice(
        PolicyDocumentFormat.document(
            NodeAccessModel.isWanted(registry)
                ? content.withPullSecrets(
                    List.of(
                        new PullSecrets(
                            Canary.POLICY, "u", List.of(1L), new TreeSet<>(List.of("registries")))))
                : content,
            1),
        false);
  }

  private static HasMetadata withoutSecrets(HasMetadata child) {
    if (child instanceof ConfigMap files) {
      // The authority is another one at each run, and so is what has it in it.
      files.getData().keySet().removeIf(key -> !key.equals("registry.yaml"));
    }
    if (child instanceof DaemonSet agents) {
      agents.getSpec().getTemplate().getMetadata().getAnnotations().replaceAll((key, hash) -> "");
    }
    if (child instanceof Secret secret) {
      secret.getData().replaceAll((key, value) -> "");
    }
    return child;
  }
}
