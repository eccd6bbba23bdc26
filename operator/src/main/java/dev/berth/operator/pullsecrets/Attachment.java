package dev.berth.operator.pullsecrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of a pull secret among a ServiceAccount's {@code imagePullSecrets}.
 *
 * <p>Server-side apply owns that list only as a whole, so it would take everybody else's entries
 * along. An annotation remembers which entry is the operator's, and a JSON patch changes that one
 * alone, in the very version that was looked at.
 */
final class Attachment {
  private static final String PREFIX = "berth.dev/pull-secret-";

  private Attachment() {}

  /** Index of ServiceAccounts: uids of the AccessPolicies that attached something. */
  static List<String> uidsOf(ServiceAccount account) {
    return annotations(account).keySet().stream()
        .filter(key -> key.startsWith(PREFIX))
        .map(key -> key.substring(PREFIX.length()))
        .toList();
  }

  /**
   * The patch after which the account has the entry, or has it no more; empty: nothing to change.
   *
   * @param uid of the AccessPolicy
   * @param wanted name of the Secret; null: none. An entry of that name that somebody else made is
   *     theirs, and stays
   */
  static Optional<String> patch(ServiceAccount account, String uid, @Nullable String wanted) {
    List<String> names =
        account.getImagePullSecrets().stream().map(LocalObjectReference::getName).toList();
    String made = annotations(account).get(PREFIX + uid);
    boolean remove = made != null && !made.equals(wanted);
    boolean add = wanted != null && !names.contains(wanted);
    // One that is there without the annotation is somebody else's.
    boolean remember = add && !Objects.equals(wanted, made);
    if (!remove && !add) {
      return Optional.empty();
    }
    Operations operations = new Operations(account.getMetadata().getResourceVersion());
    if (remove && names.contains(made)) {
      operations.remove("/imagePullSecrets/" + names.indexOf(made));
    }
    if (add && names.isEmpty()) {
      operations.add("/imagePullSecrets", JsonNodeFactory.instance.arrayNode());
    }
    if (add) {
      operations.add(
          "/imagePullSecrets/-", JsonNodeFactory.instance.objectNode().put("name", wanted));
    }
    if (remember && annotations(account).isEmpty()) {
      operations.add("/metadata/annotations", JsonNodeFactory.instance.objectNode());
    }
    String annotation = "/metadata/annotations/" + (PREFIX + uid).replace("/", "~1");
    if (remember) {
      operations.add(annotation, JsonNodeFactory.instance.textNode(wanted));
    } else if (remove) {
      operations.remove(annotation);
    }
    return Optional.of(operations.json.toString());
  }

  private static Map<String, String> annotations(ServiceAccount account) {
    return Objects.requireNonNullElse(account.getMetadata().getAnnotations(), Map.of());
  }

  /** In order, behind the test that nobody changed the object meanwhile. */
  private static final class Operations {
    private final ArrayNode json = JsonNodeFactory.instance.arrayNode();

    Operations(String resourceVersion) {
      json.addObject()
          .put("op", "test")
          .put("path", "/metadata/resourceVersion")
          .put("value", resourceVersion);
    }

    void add(String path, JsonNode value) {
      json.addObject().put("op", "add").put("path", path).set("value", value);
    }

    void remove(String path) {
      json.addObject().put("op", "remove").put("path", path);
    }
  }
}
