package dev.berth.operator.pullsecrets;

import dev.berth.operator.kubernetes.OwnFields;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes, replaces and deletes copies, and no Secret of anybody else's. */
final class CopyWriter {
  private final KubernetesClient client;

  CopyWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Makes a copy where the cache knows none; false: there is a Secret of that name that is not this
   * AccessPolicy's. The API server decides, so nothing can come between a look and a write, and
   * nothing of a foreign Secret is read.
   */
  boolean create(Secret wanted) {
    try {
      client.resource(wanted).create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // The cache may lag behind what was made a moment ago.
      return client
          .secrets()
          .inNamespace(wanted.getMetadata().getNamespace())
          .withLabelSelector(selector(PullSecretCopy.uidOf(wanted).getFirst()))
          .list()
          .getItems()
          .stream()
          .anyMatch(copy -> copy.getMetadata().getName().equals(wanted.getMetadata().getName()));
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

  /** What the API server has of an AccessPolicy and keeps, where a cache might lag. */
  List<Secret> find(String uid, Set<String> reach) {
    List<Secret> found = new ArrayList<>();
    if (reach.isEmpty()) {
      found.addAll(
          client.secrets().inAnyNamespace().withLabelSelector(selector(uid)).list().getItems());
    }
    for (String namespace : reach) {
      found.addAll(
          client
              .secrets()
              .inNamespace(namespace)
              .withLabelSelector(selector(uid))
              .list()
              .getItems());
    }
    return found.stream()
        .filter(copy -> copy.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static String selector(String uid) {
    return PullSecretCopy.SELECTOR + "=" + uid;
  }
}
