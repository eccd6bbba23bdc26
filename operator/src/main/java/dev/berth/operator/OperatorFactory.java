package dev.berth.operator;

import dev.berth.operator.access.AccessPolicyReconciler;
import dev.berth.operator.hosting.LocalRegistryHosting;
import dev.berth.operator.kubernetes.OwnFields;
import dev.berth.operator.kubernetes.RetryAfter;
import dev.berth.operator.kubernetes.TransitionEvents;
import dev.berth.operator.kubernetes.Visits;
import dev.berth.operator.nodeaccess.AgentStates;
import dev.berth.operator.nodeaccess.CanaryRuns;
import dev.berth.operator.nodeaccess.NodePools;
import dev.berth.operator.nodeaccess.NodeVisit;
import dev.berth.operator.policy.Verdicts;
import dev.berth.operator.registry.RegistryReconciler;
import dev.berth.operator.registry.ReplicaVisit;
import dev.berth.operator.registry.model.AllowedHosts;
import dev.berth.operator.registry.model.RegistryModelBuilder;
import dev.berth.operator.repository.RepositoryReconciler;
import dev.berth.operator.server.ManagementClient;
import dev.berth.operator.server.PolicyDelivery;
import dev.berth.operator.server.ReachableReplicas;
import dev.berth.operator.server.ServedCertificates;
import dev.berth.operator.server.UsageObserver;
import dev.berth.operator.serviceaccount.ClusterIssuerPoll;
import dev.berth.operator.serviceaccount.PublishedIssuer;
import dev.berth.operator.tls.CertificateIssuer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Puts the operator together: the one place that makes its parts. */
@Factory
final class OperatorFactory {

  /** What is written to the API meanwhile may still be written when the process is told to stop. */
  private static final Duration RECONCILIATION_END = Duration.ofSeconds(10);

  /**
   * A visit waits for replicas that hang, and must not keep the others' from beginning; how many
   * ask the API at once stays bounded.
   */
  private static final int VISITS_AT_ONCE = 200;

  /** Of the statuses that a change of one policy gives to many objects. */
  private static final int REPORTS_AT_ONCE = 8;

  /**
   * Each visit applies its children at once; a start with many registries would ask for thousands
   * of connections without a bound.
   */
  private static final int CHILDREN_AT_ONCE = 16;

  /** Each is a connection of its own, and those that hang must not take all the memory. */
  private static final int ASKED_AT_ONCE = 16;

  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Singleton
  @Bean(preDestroy = "close")
  KubernetesClient kubernetesClient(OperatorConfiguration configuration) {
    Config config = Config.autoConfigure(null);
    // What audit logs and the API's own metrics tell it apart by.
    config.setUserAgent("berth-operator/" + configuration.version());
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(OwnFields.serialization())
        .withHttpClientBuilderConsumer(OperatorFactory::prepare)
        .build();
  }

  /** What every client of the operator does, whatever API it is for. */
  static void prepare(HttpClient.Builder http) {
    http.addOrReplaceInterceptor(RetryAfter.NAME, new RetryAfter());
  }

  @Singleton
  Metrics metrics(MeterRegistry registry) {
    return MicrometerMetricsV2.newBuilder(registry).build();
  }

  @Singleton
  Operator operator(
      KubernetesClient client,
      Metrics metrics,
      OperatorConfiguration configuration,
      Leadership leadership,
      Clock clock) {
    Operator operator =
        new Operator(
            override -> {
              override
                  .withKubernetesClient(client)
                  .withCloseClientOnStop(false)
                  .withMetrics(metrics)
                  .withDefaultNonSSAResource(Set.of())
                  .withExecutorService(new Visits(VISITS_AT_ONCE, REPORTS_AT_ONCE))
                  .withWorkflowExecutorService(
                      Executors.newFixedThreadPool(
                          CHILDREN_AT_ONCE, Thread.ofVirtual().name("child-", 0).factory()))
                  .withReconciliationTerminationTimeout(RECONCILIATION_END);
              if (configuration.leaderElection()) {
                override.withLeaderElectionConfiguration(leadership.configuration());
              }
            });
    register(operator, client, configuration, clock);
    return operator;
  }

  private static void register(
      Operator operator,
      KubernetesClient client,
      OperatorConfiguration configuration,
      Clock clock) {
    Verdicts verdicts = new Verdicts();
    TransitionEvents events = new TransitionEvents(client, clock);
    ManagementClient management = new ManagementClient();
    ReachableReplicas reachable = new ReachableReplicas();
    UsageObserver usages =
        new UsageObserver(
            management,
            Executors.newFixedThreadPool(
                ASKED_AT_ONCE, Thread.ofVirtual().name("usage-", 0).factory()),
            clock);
    RegistryModelBuilder models =
        new RegistryModelBuilder(
            configuration.defaultServerImage(),
            configuration.defaultNodeImage(),
            new AllowedHosts(configuration.allowedHosts()),
            configuration.namespace(),
            new CertificateIssuer(clock),
            clock);
    operator.register(
        new RegistryReconciler(
            models,
            new ReplicaVisit(
                new PolicyDelivery(management),
                usages,
                new ServedCertificates(management),
                reachable),
            new NodeVisit(
                new AgentStates(
                    Executors.newFixedThreadPool(
                        ASKED_AT_ONCE, Thread.ofVirtual().name("nodes-", 0).factory()),
                    clock),
                new CanaryRuns(management, new NodePools(clock), clock),
                clock),
            new LocalRegistryHosting(configuration.localRegistryHosting()),
            verdicts,
            events,
            new ClusterIssuerPoll(
                () -> PublishedIssuer.ask(client),
                OperatorFactory::later,
                configuration.tokenKeysInterval()),
            clock,
            configuration.version()),
        override -> configure(override, configuration));
    operator.register(
        new RepositoryReconciler(verdicts, reachable, management, usages, events, clock),
        override -> configure(override, configuration));
    operator.register(
        new AccessPolicyReconciler(verdicts, events, clock),
        override -> configure(override, configuration));
  }

  private static void later(Runnable task, Duration after) {
    CompletableFuture.delayedExecutor(
            after.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread)
        .execute(task);
  }

  private static <P extends HasMetadata> void configure(
      ControllerConfigurationOverrider<P> override, OperatorConfiguration configuration) {
    // Annotations are orders as the spec is, and do not change the generation.
    override
        .withGenerationAware(false)
        .withOnUpdateFilter(
            (now, before) ->
                // Another object of the name, where a watch was interrupted meanwhile.
                !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
                    || !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                    || !Objects.equals(
                        now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations())
                    || now.getMetadata().getDeletionTimestamp() != null);
    // A registry that cannot be reconciled now is tried again for as long as it exists.
    override.withRetry(
        new GenericRetry()
            .withoutMaxAttempts()
            .setInitialInterval(Duration.ofMillis(500))
            .setIntervalMultiplier(2)
            .setMaxInterval(Duration.ofSeconds(30).toMillis()));
    List<String> namespaces = configuration.watchNamespaces();
    if (namespaces != null && !namespaces.isEmpty()) {
      override.settingNamespaces(Set.copyOf(namespaces));
    }
  }
}
