package dev.berth.quickstart.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each pod of this node its runner, and takes it away again. */
final class Kubelet implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);
  private static final Duration LONGEST_END = Duration.ofSeconds(20);

  private final NodeContext node;
  private final Map<String, PodRunner> runners = new HashMap<>();
  private boolean open;

  Kubelet(NodeContext node, ClusterInformers informers) {
    this.node = node;
    informers.on(Pod.class, this::seen, this::gone);
    informers.on(Secret.class, this::refresh);
    informers.on(ConfigMap.class, this::refresh);
    informers.on(PersistentVolumeClaim.class, this::refresh);
  }

  /** Takes up every pod that the API has, then follows it. */
  void start() {
    List<Pod> pods = node.client().pods().inAnyNamespace().list().getItems();
    forgetOthers(pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet()));
    // Addresses that pods have already are theirs before any new one is given out.
    pods.stream()
        .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
        .forEach(
            pod ->
                node.podAddresses().take(pod.getMetadata().getUid(), pod.getStatus().getPodIP()));
    synchronized (this) {
      open = true;
    }
    pods.forEach(this::seen);
  }

  @Override
  public void close() {
    List<PodRunner> left;
    synchronized (this) {
      open = false;
      left = List.copyOf(runners.values());
    }
    left.forEach(PodRunner::close);
    left.forEach(runner -> runner.awaitEnd(LONGEST_END));
  }

  private synchronized void seen(Pod pod) {
    if (!open || !NodeOptions.NODE_NAME.equals(pod.getSpec().getNodeName())) {
      return;
    }
    PodRunner runner = runners.get(pod.getMetadata().getUid());
    if (runner != null) {
      runner.update(pod);
      return;
    }
    if (!Pods.isActive(pod) && !Pods.isDeleted(pod)) {
      return;
    }
    PodRunner started = new PodRunner(node, pod, this::claimsFree);
    runners.put(pod.getMetadata().getUid(), started);
    started.start();
    if (Pods.isDeleted(pod)) {
      started.update(pod);
    }
  }

  private void gone(Pod pod) {
    String uid = pod.getMetadata().getUid();
    PodRunner runner;
    synchronized (this) {
      runner = open ? runners.get(uid) : null;
    }
    if (runner == null) {
      return;
    }
    runner.gone();
    Thread.ofVirtual().start(() -> forget(uid, runner));
  }

  private void forget(String uid, PodRunner runner) {
    runner.awaitEnd(ContainerRunner.gracePeriod(runner.pod()).plus(LONGEST_END));
    synchronized (this) {
      runners.remove(uid);
    }
    node.podAddresses().release(uid);
    try {
      FileTrees.delete(node.options().podDirectory(uid));
    } catch (UncheckedIOException | InvalidSpecException e) {
      LOG.warn("the folder of pod {} is left", ObjectKey.of(runner.pod()), e);
    }
    // A pod may have waited for a claim that this one used.
    wake(runner.pod().getMetadata().getNamespace());
  }

  private void refresh(HasMetadata changed) {
    wake(changed.getMetadata().getNamespace());
  }

  private synchronized void wake(String namespace) {
    runners.values().stream()
        .filter(r -> Objects.equals(r.pod().getMetadata().getNamespace(), namespace))
        .forEach(PodRunner::refreshVolumes);
  }

  /**
   * Two processes must not write one claim only because the API forgot the first before it ended.
   */
  private synchronized boolean claimsFree(Pod pod) {
    Set<String> wanted = Set.copyOf(ClaimController.claimNames(pod));
    return runners.values().stream()
        .filter(r -> !Objects.equals(r.pod().getMetadata().getUid(), pod.getMetadata().getUid()))
        .filter(PodRunner::isEnding)
        .filter(
            r ->
                Objects.equals(
                    r.pod().getMetadata().getNamespace(), pod.getMetadata().getNamespace()))
        .allMatch(r -> Collections.disjoint(wanted, ClaimController.claimNames(r.pod())));
  }

  private void forgetOthers(Set<String> uids) {
    Path folder = node.options().state().resolve("pods");
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> pods = Files.list(folder)) {
      pods.filter(pod -> !uids.contains(pod.getFileName().toString())).forEach(FileTrees::delete);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }
}
