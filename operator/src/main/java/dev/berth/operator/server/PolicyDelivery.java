package dev.berth.operator.server;

import dev.berth.operator.policy.ObjectKey;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the policy document to every replica that does not enforce it yet, all at once, and
 * remembers who acknowledged.
 */
public final class PolicyDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyDelivery.class);

  /**
   * How far a document has come.
   *
   * @param enforced replicas that acknowledged it
   * @param unreachable names of the pods that could not be asked, or refused
   */
  public record Outcome(int enforced, int replicas, List<String> unreachable) {

    /** A registry without a replica enforces nothing, and grants nothing. */
    public boolean isEnforcedEverywhere() {
      return replicas > 0 && enforced == replicas;
    }
  }

  private final ManagementClient client;
  private final Map<ObjectKey, Map<PodRun, String>> acknowledged = new ConcurrentHashMap<>();

  public PolicyDelivery(ManagementClient client) {
    this.client = client;
  }

  /** Brings the document to the pods; those that are not ready are asked when they are. */
  public Outcome deliver(
      ObjectKey registry, PolicyDocument document, ManagementAccess access, List<Pod> ready)
      throws InterruptedException {
    Map<PodRun, String> known = acknowledged.getOrDefault(registry, Map.of());
    List<Pod> pending =
        ready.stream()
            .filter(pod -> !document.revision().equals(known.get(PodRun.of(pod))))
            .toList();
    List<Pod> unreachable = pending.isEmpty() ? List.of() : send(document, access, pending);
    // Only the runs of this visit are kept: what a pod that is gone was told matters no more.
    acknowledged.put(
        registry,
        ready.stream()
            .filter(pod -> !unreachable.contains(pod))
            .collect(Collectors.toMap(PodRun::of, pod -> document.revision(), (a, b) -> a)));
    return new Outcome(
        ready.size() - unreachable.size(),
        ready.size(),
        unreachable.stream().map(pod -> pod.getMetadata().getName()).toList());
  }

  /** Forgets a registry that is gone. */
  public void forget(ObjectKey registry) {
    acknowledged.remove(registry);
  }

  private List<Pod> send(PolicyDocument document, ManagementAccess access, List<Pod> pods)
      throws InterruptedException {
    byte[] bytes = PolicyDocumentFormat.gzip(document);
    List<Pod> unreachable = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> answers =
          pods.stream()
              .map(pod -> threads.submit(() -> send(document, bytes, access, pod)))
              .toList();
      for (int i = 0; i < pods.size(); i++) {
        if (!isTrue(answers.get(i))) {
          unreachable.add(pods.get(i));
        }
      }
    }
    return unreachable;
  }

  private boolean send(PolicyDocument document, byte[] bytes, ManagementAccess access, Pod pod)
      throws InterruptedException {
    String name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    try {
      String revision =
          client.putPolicy(pod.getStatus().getPodIP(), ManagementAccess.PORT, access, bytes);
      if (document.revision().equals(revision)) {
        return true;
      }
      LOG.warn("pod {} keeps another policy than {}", name, document.revision());
    } catch (IOException e) {
      LOG.warn("pod {} did not take the policy: {}", name, e.toString());
    }
    return false;
  }

  private static boolean isTrue(Future<Boolean> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("sending a policy failed unexpectedly", e.getCause());
    }
  }
}
