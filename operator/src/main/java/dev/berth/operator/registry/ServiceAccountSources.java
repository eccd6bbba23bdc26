package dev.berth.operator.registry;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.policy.NamedServiceAccounts;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.ServiceAccounts;
import dev.berth.operator.serviceaccount.ClusterIssuer;
import dev.berth.operator.serviceaccount.ClusterIssuerPoll;
import dev.berth.operator.serviceaccount.ServiceAccountIdentity;
import dev.berth.policy.ClusterTokens;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who of the cluster's ServiceAccounts may log in to which Registry. All of them are watched; one
 * that comes, goes or is made anew concerns only the Registries whose AccessPolicies name it.
 */
final class ServiceAccountSources implements ServiceAccounts {
  private final InformerEventSource<ServiceAccountIdentity, Registry> accounts;
  private final ClusterIssuerEventSource keys;
  private final ClusterIssuerPoll poll;
  private final Map<ObjectKey, NamedServiceAccounts> named = new ConcurrentHashMap<>();

  ServiceAccountSources(EventSourceContext<Registry> context, ClusterIssuerPoll poll) {
    this.poll = poll;
    this.keys = new ClusterIssuerEventSource(context, poll);
    this.accounts =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ServiceAccountIdentity.class, Registry.class)
                .withName("service-account-identities")
                .withSecondaryToPrimaryMapper(this::concerned)
                // Nobody asks for those of a Registry, and the framework need not note them.
                .withPrimaryToSecondaryMapper(registry -> Set.of())
                .withOnUpdateFilter(
                    (now, before) ->
                        !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid()))
                .build(),
            context);
  }

  List<EventSource<?, Registry>> sources() {
    return List.of(accounts, keys);
  }

  /**
   * By which tokens the named ones log in; empty while nobody knows the keys.
   *
   * @param kept those of the policy in force, for an operator that was not told them yet
   */
  Optional<ClusterTokens> tokens(
      ObjectKey registry,
      NamedServiceAccounts wanted,
      Supplier<? extends @Nullable ClusterTokens> kept) {
    // Before the look: what comes after it finds the Registry concerned.
    named.put(registry, wanted);
    return poll.known()
        .or(
            () ->
                Optional.ofNullable(kept.get())
                    .map(tokens -> new ClusterIssuer(tokens.issuer(), tokens.keys())))
        .map(issuer -> new ClusterTokens(issuer.issuer(), issuer.keys(), wanted.uids(this)));
  }

  void forget(ObjectKey registry) {
    named.remove(registry);
  }

  @Override
  public Optional<String> uid(String namespace, String name) {
    return accounts
        .get(new ResourceID(name, namespace))
        .map(account -> account.getMetadata().getUid());
  }

  @Override
  public Map<String, String> of(String namespace) {
    return accounts
        .list(namespace, any -> true)
        .collect(toMap(ServiceAccountSources::name, account -> account.getMetadata().getUid()));
  }

  @Override
  public Map<String, Map<String, String>> all() {
    return accounts
        .list(any -> true)
        .collect(
            groupingBy(
                account -> account.getMetadata().getNamespace(),
                toMap(ServiceAccountSources::name, account -> account.getMetadata().getUid())));
  }

  private static String name(ServiceAccountIdentity account) {
    return account.getMetadata().getName();
  }

  private Set<ResourceID> concerned(ServiceAccountIdentity account) {
    String namespace = account.getMetadata().getNamespace();
    return named.entrySet().stream()
        .filter(entry -> entry.getValue().contains(namespace, name(account)))
        .map(entry -> new ResourceID(entry.getKey().name(), entry.getKey().namespace()))
        .collect(toSet());
  }
}
