package dev.berth.quickstart.node;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole cluster's worth of controllers and one kubelet for a Kubernetes API that has neither. All
 * it knows it reads from the API, so that a second start goes on where the first one ended.
 */
public final class LocalNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

  private final ClusterInformers informers;
  private final DeploymentController deployments;
  private final ReplicaSetController replicaSets;
  private final ClaimController claims;
  private final ServiceController services;
  private final EndpointSliceController endpointSlices;
  private final NamespaceController namespaces;
  private final OwnerCollector owners;
  private final PodScheduler scheduler;
  private final Kubelet kubelet;
  private final NodeRegistration registration;
  private final ProcessLedger ledger;

  private LocalNode(KubernetesClient client, NodeOptions options) {
    Clock clock = Clock.systemUTC();
    EventRecorder events = new EventRecorder(client, clock);
    ObjectGraph graph = new ObjectGraph(client);
    ledger = new ProcessLedger(options.processDirectory());
    informers = new ClusterInformers(client, options.resync());
    registration = new NodeRegistration(client, clock);
    deployments = new DeploymentController(client, informers, events, clock);
    replicaSets = new ReplicaSetController(client, informers, events, clock);
    claims = new ClaimController(client, informers, events, options);
    services = new ServiceController(client, informers, events, options);
    endpointSlices = new EndpointSliceController(client, informers, events);
    namespaces = new NamespaceController(client, informers, graph);
    owners = new OwnerCollector(client, informers, graph, options.resync());
    scheduler = new PodScheduler(client, informers, events);
    kubelet =
        new Kubelet(
            new NodeContext(
                client, options, events, ledger, new LoopbackRange(options.podRange()), clock),
            informers);
  }

  /**
   * Starts the node. Processes that a killed node left in the same state folder are ended first;
   * every pod's status tells the truth again when this returns.
   */
  public static LocalNode start(KubernetesClient client, NodeOptions options) {
    LocalNode node = new LocalNode(client, options);
    try {
      node.start();
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
    return node;
  }

  private void start() {
    int ended = ledger.endLeftovers();
    if (ended > 0) {
      LOG.info("ended {} processes of an earlier run", ended);
    }
    registration.register();
    kubelet.start();
    informers.start();
    services.start();
    claims.start();
    replicaSets.start();
    deployments.start();
    endpointSlices.start();
    namespaces.start();
    owners.start();
    scheduler.start();
  }

  /** Ends the controllers, every process and every listener; the objects of the API stay. */
  @Override
  public void close() {
    deployments.close();
    replicaSets.close();
    scheduler.close();
    namespaces.close();
    owners.close();
    claims.close();
    endpointSlices.close();
    kubelet.close();
    services.close();
    informers.close();
  }
}
