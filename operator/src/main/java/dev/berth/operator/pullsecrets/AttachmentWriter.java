package dev.berth.operator.pullsecrets;

import dev.berth.operator.kubernetes.TestedPatch;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives ServiceAccounts the name of a pull secret, and takes it away again. */
final class AttachmentWriter {
  private static final int TIMES = 5;

  private final KubernetesClient client;
  private final String uid;

  AttachmentWriter(KubernetesClient client, String uid) {
    this.client = client;
    this.uid = uid;
  }

  /**
   * Nothing happens to one that was changed meanwhile: the watch tells.
   *
   * @param name of the Secret; null: none
   */
  void attach(ServiceAccount account, @Nullable String name) {
    Attachment.patch(account, uid, name)
        .ifPresent(operations -> TestedPatch.apply(account, operations, client));
  }

  /** Whatever others do to it meanwhile: nobody looks again after this. */
  void detachForGood(ResourceID id) {
    for (int i = 0; i < TIMES; i++) {
      ServiceAccount account =
          client
              .serviceAccounts()
              .inNamespace(id.getNamespace().orElseThrow())
              .withName(id.getName())
              .get();
      Optional<String> operations =
          account == null ? Optional.empty() : Attachment.patch(account, uid, null);
      if (operations.isEmpty()) {
        return;
      }
      TestedPatch.apply(account, operations.get(), client);
    }
    throw new IllegalStateException("ServiceAccount " + id + " changes all the time");
  }
}
