package dev.berth.operator.argocd;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Objects of one kind with the status that the operator gives them, and the health that Argo CD
 * shows of each. They are kept as Argo CD keeps those of its own checks: {@code testdata} and
 * {@code health_test.yaml}, which {@code -Dgolden=write} writes anew.
 */
public final class HealthExamples {
  static final Path FOLDER = Path.of("src/test/resources/argocd/berth.dev");

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  /**
   * One of them.
   *
   * @param name says what it shows
   * @param health the status, as Argo CD names it
   */
  public record Example(String name, String health, HasMetadata object) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final String kind;
  private final List<Example> examples;

  public HealthExamples(String kind, List<Example> examples) {
    this.kind = kind;
    this.examples = examples.stream().sorted(Comparator.comparing(Example::name)).toList();
  }

  /** The file is what the operator writes, and Argo CD's check has the health of it. */
  public void verify(Example example) throws IOException {
    Path file = folder().resolve(testdata(example));
    String yaml = Serialization.asYaml(sorted(json(example)));
    if (isWriting()) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, yaml);
    }
    assertThat(yaml).isEqualTo(Files.readString(file));
    assertThat(HealthCheck.of(kind).of(read(file)).status()).isEqualTo(example.health());
  }

  /** {@code health_test.yaml} says the health of every file, and there is no other file. */
  public void verifyFolder() throws IOException {
    HealthCheck check = HealthCheck.of(kind);
    List<Map<String, Object>> tests =
        examples.stream().map(example -> expectation(example, check)).toList();
    String yaml = Serialization.asYaml(Map.of("tests", tests));
    Path file = folder().resolve("health_test.yaml");
    if (isWriting()) {
      Files.writeString(file, yaml);
    }
    assertThat(yaml).isEqualTo(Files.readString(file));
    try (Stream<Path> files = Files.list(folder().resolve("testdata"))) {
      assertThat(files.map(found -> folder().relativize(found).toString()))
          .containsExactlyInAnyOrderElementsOf(
              examples.stream().map(HealthExamples::testdata).toList());
    }
  }

  /** The reasons that no example has. */
  public Set<Reason> unusedReasons() {
    List<String> used = all("reason");
    return Arrays.stream(Reason.values())
        .filter(reason -> !used.contains(reason.value()))
        .collect(toCollection(() -> EnumSet.noneOf(Reason.class)));
  }

  /** The condition types that no example has. */
  public Set<ConditionType> unusedTypes() {
    List<String> used = all("type");
    return Arrays.stream(ConditionType.values())
        .filter(type -> !used.contains(type.value()))
        .collect(toCollection(() -> EnumSet.noneOf(ConditionType.class)));
  }

  private List<String> all(String field) {
    return examples.stream()
        .flatMap(example -> json(example).at("/status/conditions").valueStream())
        .map(condition -> condition.get(field).textValue())
        .toList();
  }

  private static Map<String, Object> expectation(Example example, HealthCheck check) {
    Map<String, Object> test = new TreeMap<>();
    test.put("inputPath", testdata(example));
    test.put("healthStatus", check.of(json(example)));
    return test;
  }

  private static String testdata(Example example) {
    return "testdata/" + example.name() + ".yaml";
  }

  private Path folder() {
    return FOLDER.resolve(kind);
  }

  private static boolean isWriting() {
    return "write".equals(System.getProperty("golden"));
  }

  private static JsonNode json(Example example) {
    return SERIALIZATION.convertValue(example.object(), JsonNode.class);
  }

  static JsonNode read(Path file) throws IOException {
    return Serialization.unmarshal(Files.readString(file), JsonNode.class);
  }

  /** The order of fields is nobody's. */
  private static Object sorted(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> fields = new TreeMap<>();
      node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
      return fields;
    }
    return node.isArray() ? node.valueStream().map(HealthExamples::sorted).toList() : node;
  }
}
