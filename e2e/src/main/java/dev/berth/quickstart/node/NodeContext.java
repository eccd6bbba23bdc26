package dev.berth.quickstart.node;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/** What every pod on the node works with. */
record NodeContext(
    KubernetesClient client,
    NodeOptions options,
    EventRecorder events,
    ProcessLedger ledger,
    LoopbackRange podAddresses,
    Clock clock) {}
