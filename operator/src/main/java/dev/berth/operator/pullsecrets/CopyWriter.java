package dev.berth.operator.pullsecrets;

import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.kubernetes.OwnFields;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes, replaces and deletes copies, and no Secret of anybody else's. */
final class CopyWriter {
  private static final int INVALID = 422;

  private final KubernetesClient client;

  CopyWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Makes a copy where the cache knows none; false: somebody else has a Secret of that name.
   *
   * <p>Without force, so that the API server itself refuses: the content of every Secret of this
   * type has an owner, and the type of another cannot be changed. Nothing of a foreign Secret is
   * read.
   */
  boolean create(Secret wanted) {
    try {
      client.resource(wanted).fieldManager(OwnFields.MANAGER).serverSideApply();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == INVALID || isOwnedByOthers(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Brings a copy back to what it should be, in the version that was looked at. */
  void replace(Secret copy, Secret wanted) {
    Secret patch =
        new SecretBuilder(wanted)
            .editMetadata()
            .withUid(copy.getMetadata().getUid())
            .withResourceVersion(copy.getMetadata().getResourceVersion())
            .endMetadata()
            .build();
    try {
      client.resource(patch).fieldManager(OwnFields.MANAGER).forceConflicts().serverSideApply();
    } catch (KubernetesClientException e) {
      // Changed or gone since: the watch tells, and the next visit sees.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  void delete(Secret copy) {
    try {
      client.resource(copy).lockResourceVersion().delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  /** What the API server has of an AccessPolicy, where a cache might lag. */
  List<Secret> find(String uid, Set<String> reach) {
    if (reach.isEmpty()) {
      return client.secrets().inAnyNamespace().withLabels(labels(uid)).list().getItems();
    }
    List<Secret> found = new ArrayList<>();
    for (String namespace : reach) {
      found.addAll(
          client.secrets().inNamespace(namespace).withLabels(labels(uid)).list().getItems());
    }
    return found;
  }

  private static Map<String, String> labels(String uid) {
    return Map.of(Labels.MANAGED_BY, Labels.OPERATOR, PullSecretCopy.LABEL, uid);
  }

  /** As opposed to a namespace that ends, or an object that was made at this moment. */
  private static boolean isOwnedByOthers(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        && e.getStatus() != null
        && e.getStatus().getDetails() != null
        && e.getStatus().getDetails().getCauses().stream()
            .anyMatch(cause -> "FieldManagerConflict".equals(cause.getReason()));
  }
}
