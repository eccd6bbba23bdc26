package dev.berth.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class OwnFieldsTest {
  private static final String OBJECT =
      """
      {"apiVersion": "v1", "kind": "ConfigMap",
       "metadata": {"name": "a", "labels": {"k": "v"}, "managedFields": [
        {"manager": "kubectl", "operation": "Apply", "fieldsType": "FieldsV1",
         "fieldsV1": {"f:data": {"f:b": {}}}},
        {"manager": "berth", "operation": "Apply", "fieldsType": "FieldsV1",
         "fieldsV1": {"f:data": {"f:a": {}}}},
        {"manager": "berth", "operation": "Apply", "fieldsType": "FieldsV1",
         "subresource": "status", "fieldsV1": {"f:status": {"f:phase": {}}}}]},
       "data": {"a": "1", "b": "2"}}
      """;

  private final KubernetesSerialization serialization = OwnFields.serialization();

  @Test
  void keepsOfAnObjectTheFieldsThatTheOperatorSet() {
    ConfigMap read = serialization.unmarshal(OBJECT, ConfigMap.class);

    assertThat(read.getMetadata().getManagedFields())
        .singleElement()
        .extracting(entry -> entry.getFieldsV1().getAdditionalProperties())
        .hasToString("{f:data={f:a={}}}");
    assertThat(read.getMetadata().getLabels()).containsEntry("k", "v");
    assertThat(read.getData()).containsKeys("a", "b");
  }

  @Test
  void keepsNoMoreOfAnObjectThatAWatchBrings() {
    WatchEvent event =
        serialization.unmarshal(
            "{\"type\": \"MODIFIED\", \"object\": %s}".formatted(OBJECT), WatchEvent.class);

    assertThat(((ConfigMap) event.getObject()).getMetadata().getManagedFields())
        .extracting(ManagedFieldsEntry::getManager)
        .containsExactly("berth");
  }

  @Test
  void takesAnObjectWithoutAny() {
    ConfigMap read =
        serialization.unmarshal(
            "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"managedFields\": null}}",
            ConfigMap.class);

    assertThat(read.getMetadata().getManagedFields()).isNullOrEmpty();
  }
}
