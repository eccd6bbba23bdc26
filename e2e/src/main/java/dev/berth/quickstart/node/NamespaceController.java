package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;

/** Gives each namespace its default ServiceAccount, and empties a namespace that goes away. */
final class NamespaceController implements AutoCloseable {

  private static final String DEFAULT = "default";
  private static final int CONFLICT = 409;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final ObjectGraph graph;
  private final WorkQueue<String> queue = new WorkQueue<>("namespaces", this::reconcile);

  NamespaceController(KubernetesClient client, ClusterInformers informers, ObjectGraph graph) {
    this.client = client;
    this.graph = graph;
    informers.on(Namespace.class, ns -> queue.add(ns.getMetadata().getName()));
    informers.on(
        ServiceAccount.class,
        account -> {},
        account -> queue.add(account.getMetadata().getNamespace()));
  }

  void start() {
    queue.start();
  }

  @Override
  public void close() {
    queue.close();
  }

  private void reconcile(String name) {
    Namespace namespace = client.namespaces().withName(name).get();
    if (namespace == null) {
      // An API without namespace termination removes the object alone.
      if (empty(name)) {
        queue.addAfter(name, LOOK_AGAIN);
      }
    } else if (Pods.isDeleted(namespace)) {
      terminate(namespace);
    } else if (client.serviceAccounts().inNamespace(name).withName(DEFAULT).get() == null) {
      makeDefaultAccount(name);
    }
  }

  private void makeDefaultAccount(String namespace) {
    try {
      client
          .resource(
              new ServiceAccountBuilder()
                  .withNewMetadata()
                  .withNamespace(namespace)
                  .withName(DEFAULT)
                  .endMetadata()
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
  }

  private void terminate(Namespace namespace) {
    String name = namespace.getMetadata().getName();
    if (empty(name)) {
      queue.addAfter(name, LOOK_AGAIN);
      return;
    }
    if (namespace.getSpec() != null && namespace.getSpec().getFinalizers().contains("kubernetes")) {
      Namespace finalized =
          new NamespaceBuilder(namespace)
              .editSpec()
              .removeFromFinalizers("kubernetes")
              .endSpec()
              .build();
      client.raw("/api/v1/namespaces/" + name + "/finalize", "PUT", finalized);
    }
  }

  /** Whether there was something to delete. */
  private boolean empty(String namespace) {
    List<HasMetadata> content = graph.inNamespace(namespace);
    content.stream().filter(object -> !Pods.isDeleted(object)).forEach(graph::delete);
    return !content.isEmpty();
  }
}
