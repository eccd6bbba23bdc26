package dev.berth.embedded.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.embedded.resource.BuiltInSchema;
import dev.berth.embedded.resource.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StrategicMergePatchTest {
  private static final String POD =
      "{spec: {containers: [{name: a, image: 'x:1', env: [{name: A, value: '1'}]}, {name: b, image:"
          + " 'y:1'}], volumes: [{name: v, emptyDir: {}}]}}";

  @Test
  void itemsMergeByTheirKey() throws IOException {
    assertThat(patched(POD, "{spec: {containers: [{name: a, env: [{name: B, value: '2'}]}]}}"))
        .isEqualTo(
            yaml(
                "{spec: {containers: [{name: a, image: 'x:1', env: [{name: A, value: '1'}, {name: B,"
                    + " value: '2'}]}, {name: b, image: 'y:1'}], volumes: [{name: v, emptyDir:"
                    + " {}}]}}"));
  }

  @Test
  void anItemIsDeletedByDirective() throws IOException {
    assertThat(patched(POD, "{spec: {containers: [{name: a, $patch: delete}], volumes: null}}"))
        .isEqualTo(yaml("{spec: {containers: [{name: b, image: 'y:1'}]}}"));
  }

  @Test
  void aListIsReplacedByDirective() throws IOException {
    assertThat(patched(POD, "{spec: {containers: [{$patch: replace}, {name: c}], volumes: null}}"))
        .isEqualTo(yaml("{spec: {containers: [{name: c}]}}"));
  }

  @Test
  void onlyTheNamedKeysAreRetained() throws IOException {
    assertThat(
            patched(
                POD,
                "{spec: {containers: null, volumes: [{name: v, $retainKeys: [name, configMap],"
                    + " configMap: {name: m}}]}}"))
        .isEqualTo(yaml("{spec: {volumes: [{name: v, configMap: {name: m}}]}}"));
  }

  @Test
  void theOrderIsTheOneThatIsAskedFor() throws IOException {
    assertThat(
            patched(
                POD,
                "{spec: {$setElementOrder/containers: [{name: b}, {name: a}], volumes: null}}"))
        .isEqualTo(
            yaml(
                "{spec: {containers: [{name: b, image: 'y:1'}, {name: a, image: 'x:1', env: [{name:"
                    + " A, value: '1'}]}]}}"));
  }

  @Test
  void valuesLeaveAPrimitiveList() throws IOException {
    assertThat(
            patched(
                "{metadata: {finalizers: [a, b]}}",
                "{metadata: {$deleteFromPrimitiveList/finalizers: [a], finalizers: [c]}}"))
        .isEqualTo(yaml("{metadata: {finalizers: [b, c]}}"));
  }

  @Test
  void anObjectIsReplacedByDirective() throws IOException {
    assertThat(
            patched(
                "{spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}}",
                "{spec: {strategy: {$patch: replace, type: Recreate}}}"))
        .isEqualTo(yaml("{spec: {strategy: {type: Recreate}}}"));
  }

  private static ObjectNode patched(String target, String patch) throws IOException {
    return StrategicMergePatch.apply(yaml(target), yaml(patch), BuiltInSchema.root("Pod"));
  }

  private static ObjectNode yaml(String text) throws IOException {
    return (ObjectNode) Json.readYaml(text);
  }
}
