package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every implementation owes informers, leaders and deletions. */
abstract class WatchContract extends ApplyContract {

  @Test
  void aWatchSeesChangesInOrderAndOnlyWhatItSelects() {
    List<String> events = new CopyOnWriteArrayList<>();
    String now =
        client.configMaps().inNamespace(namespace).list().getMetadata().getResourceVersion();
    try (var _ =
        client
            .configMaps()
            .inNamespace(namespace)
            .withLabelSelector("tier in (front)")
            .withResourceVersion(now)
            .watch(recorder(events))) {
      ConfigMap map = labelled("a", "front");
      client.resource(labelled("other", "back")).create();
      client.resource(map).create();
      map.getData().put("k", "2");
      client.resource(map).update();
      map.getMetadata().setLabels(Map.of("tier", "back"));
      client.resource(map).update();

      Awaitility.await()
          .untilAsserted(
              () -> assertThat(events).containsExactly("ADDED a", "MODIFIED a", "DELETED a"));
    }
  }

  @Test
  void aWatchResumesAfterARevision() {
    ConfigMap map = configMap("a", "1");
    String revision = client.resource(map).create().getMetadata().getResourceVersion();
    map.getData().put("k", "2");
    client.resource(map).update();
    List<String> events = new CopyOnWriteArrayList<>();

    try (var _ =
        client
            .configMaps()
            .inNamespace(namespace)
            .withResourceVersion(revision)
            .watch(recorder(events))) {
      client.resource(map).delete();

      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(events.stream().filter(e -> e.endsWith(" a")))
                      .containsExactly("MODIFIED a", "DELETED a"));
    }
  }

  @Test
  void anInformerFollows() {
    client.resource(configMap("before", "1")).create();
    try (var informer = client.configMaps().inNamespace(namespace).inform()) {
      client.resource(configMap("after", "1")).create();
      client.resource(configMap("before", "1")).delete();

      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(informer.getStore().list())
                      .extracting(m -> m.getMetadata().getName())
                      .contains("after")
                      .doesNotContain("before"));
    }
  }

  @Test
  void oneLeaderIsElected() {
    AtomicBoolean leads = new AtomicBoolean();
    var elector =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName("test")
                    .withLeaseDuration(Duration.ofSeconds(15))
                    .withRenewDeadline(Duration.ofSeconds(10))
                    .withRetryPeriod(Duration.ofMillis(200))
                    .withReleaseOnCancel(true)
                    .withLock(new LeaseLock(namespace, "leader", "me"))
                    .withLeaderCallbacks(
                        new LeaderCallbacks(() -> leads.set(true), () -> {}, leader -> {}))
                    .build())
            .build();
    var election = elector.start();

    Awaitility.await().untilTrue(leads);
    assertThat(client.leases().inNamespace(namespace).withName("leader").get().getSpec())
        .satisfies(spec -> assertThat(spec.getHolderIdentity()).isEqualTo("me"));
    election.cancel(true);
  }

  @Test
  void aPodOnANodeIsTheKubeletsToEnd() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .withNodeName("node-1")
            .addNewContainer()
            .withName("c")
            .withImage("x:1")
            .endContainer()
            .endSpec()
            .build();
    client.resource(pod).create();

    client.resource(pod).delete();
    Pod terminating = client.resource(pod).get();
    client.resource(pod).withGracePeriod(0).delete();

    assertThat(terminating.getMetadata().getDeletionTimestamp()).isNotBlank();
    assertThat(terminating.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(30);
    assertThat(client.resource(pod).get()).isNull();
  }

  @Test
  void aNamespaceStaysTerminatingUntilItIsFinalized() {
    client
        .namespaces()
        .withName(namespace)
        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
        .delete();

    Namespace terminating = client.namespaces().withName(namespace).get();

    assertThat(terminating.getStatus().getPhase()).isEqualTo("Terminating");
    assertFailure(() -> client.resource(configMap("late", "1")).create(), 403, "Forbidden");
    terminating.getSpec().setFinalizers(List.of());
    client.raw("/api/v1/namespaces/" + namespace + "/finalize", "PUT", terminating);
    assertThat(client.namespaces().withName(namespace).get()).isNull();
  }

  private ConfigMap labelled(String name, String tier) {
    ConfigMap map = configMap(name, "1");
    map.getMetadata().setLabels(Map.of("tier", tier));
    return map;
  }

  private static Watcher<ConfigMap> recorder(List<String> events) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, ConfigMap map) {
        events.add(action + " " + map.getMetadata().getName());
      }

      @Override
      public void onClose(WatcherException cause) {
        events.add("closed: " + cause.getMessage());
      }
    };
  }
}
