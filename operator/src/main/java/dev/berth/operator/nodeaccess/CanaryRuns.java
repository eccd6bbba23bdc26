package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.NodeReachability;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.kubernetes.Refusal;
import dev.berth.operator.nodeaccess.CanaryJob.Trial;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.server.ManagementAccess;
import dev.berth.operator.server.ManagementClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one node of each pool pull an image of the registry, the way that every Pod's images come:
 * once nodes are configured, when they are told something else, once a day, and again after a
 * failure. The results are in the status, and nowhere else; what is remembered besides is only for
 * the pauses.
 */
public final class CanaryRuns {
  private static final Logger LOG = LoggerFactory.getLogger(CanaryRuns.class);

  /** Of one Registry. */
  private static final int AT_ONCE = 5;

  /** As many as the status takes. */
  private static final int MOST_POOLS = 32;

  private final ManagementClient servers;
  private final NodePools pools;
  private final Clock clock;
  private final Map<ObjectKey, CanaryMemory> memories = new ConcurrentHashMap<>();

  public CanaryRuns(ManagementClient servers, NodePools pools, Clock clock) {
    this.servers = servers;
    this.pools = pools;
    this.clock = clock;
  }

  /**
   * Reads what has ended, and begins what is due.
   *
   * @param enforcing pods of the server that decide by the newest policy; empty: not all do
   */
  List<NodeReachability> visit(
      Registry registry,
      RegistryModel model,
      ConfiguredNodes nodes,
      List<Pod> enforcing,
      Context<Registry> context)
      throws InterruptedException {
    CanaryMemory memory =
        memories.computeIfAbsent(ObjectKey.of(registry), none -> new CanaryMemory());
    Map<String, NodeReachability> results = new TreeMap<>();
    before(registry).forEach(result -> results.put("" + result.pool(), result));
    Set<String> running = read(memory, results, context);
    if (nodes.isSettled() && !enforcing.isEmpty() && CanarySecretChild.isPossible(model)) {
      Map<String, String> poolOf = pools.of(nodes.all(), context.getClient());
      if (poolOf.keySet().containsAll(nodes.all())) {
        results.keySet().retainAll(nodes.all().stream().map(poolOf::get).toList());
      }
      List<Trial> due = due(nodes, poolOf, results, running, memory);
      if (!due.isEmpty()) {
        begin(registry, model, due, enforcing.getFirst(), results, memory, context.getClient());
      }
    }
    return List.copyOf(results.values());
  }

  /** Results of before; none are taken where nothing was tried. */
  static List<NodeReachability> before(Registry registry) {
    return registry.getStatus() == null ? List.of() : registry.getStatus().reachability();
  }

  /** Takes away what goes on. */
  void end(Registry registry, Context<Registry> context) {
    jobs(context).forEach(job -> context.getClient().resource(job).delete());
    forget(ObjectKey.of(registry));
  }

  void forget(ObjectKey registry) {
    memories.remove(registry);
  }

  /** The pools of which a trial goes on. */
  private Set<String> read(
      CanaryMemory memory, Map<String, NodeReachability> results, Context<Registry> context) {
    List<Job> jobs = jobs(context);
    memory.retain(jobs);
    Instant now = clock.instant();
    Set<String> running = new HashSet<>(memory.begun(now));
    for (Job job : jobs) {
      Optional<Trial> trial = CanaryJob.trial(job);
      if (trial.isEmpty() || memory.isRead(job)) {
        continue;
      }
      String pool = trial.get().pool();
      List<Pod> pods = pods(job, context);
      CanaryOutcome.refusal(pods).ifPresent(words -> memory.heard(job, words));
      Optional<CanaryOutcome> outcome =
          CanaryOutcome.of(
              job, pods, memory.words(job), Duration.between(trial.get().begun(), now));
      if (outcome.isEmpty()) {
        running.add(pool);
        continue;
      }
      context.getClient().resource(job).delete();
      running.remove(pool);
      memory.read(job, pool, outcome.get());
      results.put(pool, trial.get().result(outcome.get()));
    }
    return running;
  }

  private List<Trial> due(
      ConfiguredNodes nodes,
      Map<String, String> poolOf,
      Map<String, NodeReachability> results,
      Set<String> running,
      CanaryMemory memory) {
    Instant now = clock.instant();
    return ready(nodes, poolOf).entrySet().stream()
        .limit(MOST_POOLS)
        .filter(pool -> !running.contains(pool.getKey()))
        .filter(
            pool ->
                CanarySchedule.isDue(
                    results.get(pool.getKey()), nodes.plan(), memory.failures(pool.getKey()), now))
        .limit(Math.max(0, AT_ONCE - running.size()))
        .map(
            pool ->
                new Trial(
                    pool.getKey(),
                    CanarySchedule.node(results.get(pool.getKey()), pool.getValue()),
                    nodes.plan(),
                    now.truncatedTo(ChronoUnit.SECONDS)))
        .toList();
  }

  private void begin(
      Registry registry,
      RegistryModel model,
      List<Trial> due,
      Pod server,
      Map<String, NodeReachability> results,
      CanaryMemory memory,
      KubernetesClient client)
      throws InterruptedException {
    String digest;
    try {
      digest = store(model, server);
    } catch (IOException e) {
      // Also an image of the server that has none.
      LOG.debug("registry {} did not store its canary: {}", ObjectKey.of(registry), e.toString());
      due.forEach(
          trial ->
              putOff(
                  trial, "The server did not store the image: " + e.getMessage(), results, memory));
      return;
    }
    for (Trial trial : due) {
      try {
        client.resource(CanaryJob.render(registry, model, trial, digest)).create();
        memory.begin(trial.pool(), trial.begun());
      } catch (KubernetesClientException e) {
        // A quota or an admission policy: no reason for the rest of the visit not to go on.
        LOG.warn("registry {}: {}", ObjectKey.of(registry), Refusal.words(e));
        putOff(trial, "The Job could not be made: " + Refusal.words(e), results, memory);
      }
    }
  }

  private static void putOff(
      Trial trial, String why, Map<String, NodeReachability> results, CanaryMemory memory) {
    memory.failed(trial.pool());
    results.put(trial.pool(), trial.result(new CanaryOutcome(null, AgentState.printable(why))));
  }

  private String store(RegistryModel model, Pod server) throws IOException, InterruptedException {
    return servers.storeCanary(
        server.getStatus().getPodIP(),
        ManagementAccess.PORT,
        new ManagementAccess(model.keys().managementPins(), model.keys().managementToken()));
  }

  private static Map<String, SortedSet<String>> ready(
      ConfiguredNodes nodes, Map<String, String> poolOf) {
    Map<String, SortedSet<String>> ready = new TreeMap<>();
    for (String node : nodes.ready()) {
      String pool = poolOf.get(node);
      if (pool != null) {
        ready.computeIfAbsent(pool, none -> new TreeSet<>()).add(node);
      }
    }
    return ready;
  }

  private static List<Job> jobs(Context<Registry> context) {
    return context
        .getSecondaryResourcesAsStream(Job.class)
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static List<Pod> pods(Job job, Context<Registry> context) {
    return context
        .getSecondaryResourcesAsStream(Pod.class)
        .filter(
            pod ->
                pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid())))
        .toList();
  }
}
