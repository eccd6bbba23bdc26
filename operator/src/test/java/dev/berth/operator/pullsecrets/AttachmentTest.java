package dev.berth.operator.pullsecrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is changed of a ServiceAccount, and that it is nothing of anybody else's. */
@NullUnmarked // a null is a failed test
class AttachmentTest {
  private static final String ADD = "{\"op\":\"add\",\"path\":";
  private static final String REMOVE = "{\"op\":\"remove\",\"path\":";
  private static final String ANNOTATION = "\"/metadata/annotations/berth.dev~1pull-secret-uid-1\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "[]                        | -    | pull | list entry annotations annotation",
        "[{name: a}]               | -    | pull | entry annotations annotation",
        "[{name: a}, {name: pull}] | -    | pull | -",
        "[{name: a}, {name: pull}] | pull | pull | -",
        "[{name: a}]               | pull | pull | entry",
        "[{name: a}, {name: pull}] | pull | -    | entry-1 no-annotation",
        "[{name: pull}, {name: a}] | pull | -    | entry-0 no-annotation",
        "[{name: a}, {name: pull}] | -    | -    | -",
        "[{name: a}]               | pull | -    | no-annotation",
        "[{name: a}, {name: old}]  | old  | pull | entry-1 entry annotation",
        "[{name: old}, {name: pull}] | old | pull | entry-0 no-annotation",
      })
  void onlyTheOperatorsOwnEntryComesAndGoes(
      String entries, @Nullable String made, @Nullable String wanted, @Nullable String changes) {
    // Given
    ServiceAccount account =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: default, namespace: apps, resourceVersion: "7", annotations: %s}
            imagePullSecrets: %s
            """
                .formatted(
                    made == null ? "{}" : "{berth.dev/pull-secret-uid-1: %s}".formatted(made),
                    entries),
            ServiceAccount.class);

    // When
    String patch = Attachment.patch(account, "uid-1", wanted).orElse(null);

    // Then
    if (changes == null) {
      assertThat(patch).isNull();
      return;
    }
    StringBuilder expected =
        new StringBuilder(
            "[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"}");
    for (String change : changes.split(" ", -1)) {
      expected.append(
          switch (change) {
            case "list" -> "," + ADD + "\"/imagePullSecrets\",\"value\":[]}";
            case "entry" ->
                "," + ADD + "\"/imagePullSecrets/-\",\"value\":{\"name\":\"" + wanted + "\"}}";
            case "annotations" -> "," + ADD + "\"/metadata/annotations\",\"value\":{}}";
            case "annotation" -> "," + ADD + ANNOTATION + ",\"value\":\"" + wanted + "\"}";
            case "no-annotation" -> "," + REMOVE + ANNOTATION + "}";
            default ->
                "," + REMOVE + "\"/imagePullSecrets/" + change.substring("entry-".length()) + "\"}";
          });
    }
    assertThat(patch).isEqualTo(expected + "]");
  }
}
