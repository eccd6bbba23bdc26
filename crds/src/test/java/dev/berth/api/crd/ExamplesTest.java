package dev.berth.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistryUsage;
import dev.berth.api.v1alpha1.registry.S3Storage;
import dev.berth.api.v1alpha1.registry.StorageSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ExamplesTest {

  static final List<String> EXAMPLES = Examples.ALL;

  private final KubernetesSerialization kubernetes = new KubernetesSerialization();

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void noFieldIsLostOnTheWayThroughTheModel(String name) {
    // Given
    ObjectNode example = Examples.read(name);

    // When
    JsonNode written = throughTheModel(example);

    // Then
    Set<String> lost = leaves(example);
    lost.removeAll(leaves(written));
    lost.removeIf(leaf -> leaf.equals(".spec={}") && written.has("spec"));
    assertThat(lost).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void theModelPutsTheSameDefaultsAsTheSchema(String name) throws Exception {
    // Given
    ObjectNode example = Examples.read(name);
    JsonNode schema =
        CrdFiles.YAML
            .readTree(CrdFiles.checkedIn(Examples.kind(example)))
            .at("/spec/versions/0/schema/openAPIV3Schema");
    ObjectNode defaulted = example.deepCopy();
    SchemaDefaults.apply(schema, defaulted);

    // When
    JsonNode written = throughTheModel(example);

    // Then
    assertThat(leaves(written)).isEqualTo(leaves(defaulted));
  }

  @Test
  void theExamplesUseEveryFieldOfTheModel() throws Exception {
    // Given
    Set<String> unused = new TreeSet<>();
    for (var kind : CrdFiles.KINDS) {
      JsonNode schema =
          CrdFiles.YAML
              .readTree(CrdFiles.checkedIn(kind))
              .at("/spec/versions/0/schema/openAPIV3Schema");
      for (String part : List.of("spec", "status")) {
        collectFields(kind.getSimpleName() + "." + part, schema.at("/properties/" + part), unused);
      }
    }

    // When
    for (String name : EXAMPLES) {
      ObjectNode example = Examples.read(name);
      leaves(example).stream()
          .map(leaf -> example.get("kind").asText() + leaf.replaceAll("\\[\\d+]|=.*", ""))
          .forEach(path -> unused.removeIf(field -> (path + ".").startsWith(field + ".")));
    }

    // Then: only what belongs to the types of Kubernetes, and what the defaults repeat
    unused.removeIf(
        field ->
            field.contains("elector.match")
                || field.contains(".tolerations.")
                || field.contains(".networkPolicy.from.")
                || field.startsWith("Registry.spec.repositories.defaults.")
                || field.startsWith("Registry.spec.tenancy.namespaces."));
    assertThat(unused).isEmpty();
  }

  @Test
  void whatANewerVersionAddedIsIgnored() {
    // Given
    String json =
        """
        {"apiVersion": "berth.dev/v1alpha1", "kind": "Registry", "metadata": {"name": "a"},
         "spec": {"later": 1, "storage": {"s3": {"bucket": "abc", "later": {}}}}, "status": {"later": []}}
        """;

    // When
    Registry registry = kubernetes.unmarshal(json, Registry.class);

    // Then
    assertThat(registry.getSpec().storage())
        .extracting(StorageSpec::s3)
        .extracting(S3Storage::bucket)
        .isEqualTo("abc");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1023, 1023",
    "1024, 1Ki",
    "7340032000, 6.8Gi",
    "9223372036854775807, 8Ei",
  })
  void usedBytesAreShownForPeople(long bytes, String shown) {
    assertThat(new RegistryUsage(null, null, null, bytes, null, null, null).used())
        .isEqualTo(shown);
  }

  private JsonNode throughTheModel(ObjectNode example) {
    Object object = kubernetes.unmarshal(example.toString(), Examples.kind(example));
    return kubernetes.convertValue(object, JsonNode.class);
  }

  /**
   * Every value with its path; an empty object counts as a value, an empty text or list does not.
   */
  private static Set<String> leaves(JsonNode node) {
    Set<String> leaves = new TreeSet<>();
    collectLeaves("", node, leaves);
    return leaves;
  }

  private static void collectLeaves(String path, JsonNode node, Set<String> leaves) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(entry -> collectLeaves(path + "." + entry.getKey(), entry.getValue(), leaves));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collectLeaves(path + "[" + i + "]", node.get(i), leaves);
      }
    } else if (!node.equals(TextNode.valueOf(""))) {
      leaves.add(path + "=" + node);
    }
  }

  private static void collectFields(String path, JsonNode schema, Set<String> fields) {
    JsonNode object = schema.has("items") ? schema.get("items") : schema;
    if (object.has("properties")) {
      object
          .get("properties")
          .properties()
          .forEach(entry -> collectFields(path + "." + entry.getKey(), entry.getValue(), fields));
    } else {
      fields.add(path);
    }
  }
}
