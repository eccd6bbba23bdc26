package dev.berth.operator.pullsecrets;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.accesspolicy.PullSecretsSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What makes an AccessPolicy be visited because of its copies: one was changed or deleted, or a
 * ServiceAccount that it names came or was changed.
 */
final class PullSecretsSources {
  private static final String UID = "uid";

  private final EventSourceContext<AccessPolicy> context;
  private final InformerEventSource<Secret, AccessPolicy> copies;
  private final InformerEventSource<ServiceAccount, AccessPolicy> accounts;

  PullSecretsSources(EventSourceContext<AccessPolicy> context) {
    this.context = context;
    this.copies =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Secret.class, AccessPolicy.class)
                .withName("pull-secrets")
                .withLabelSelector(PullSecretCopy.SELECTOR)
                .withSecondaryToPrimaryMapper(
                    copy -> policies(policy -> PullSecretCopy.uidOf(copy).contains(uid(policy))))
                .build(),
            context);
    copies.addIndexers(Map.of(UID, PullSecretCopy::uidOf));
    this.accounts =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ServiceAccount.class, AccessPolicy.class)
                .withName("service-accounts")
                .withSecondaryToPrimaryMapper(
                    account -> policies(policy -> isConcerned(policy, account)))
                .build(),
            context);
    accounts.addIndexers(Map.of(UID, Attachment::uidsOf));
  }

  List<EventSource<?, AccessPolicy>> all() {
    return List.of(copies, accounts);
  }

  List<Secret> copies(String uid) {
    return copies.byIndex(UID, uid);
  }

  List<ServiceAccount> attached(String uid) {
    return accounts.byIndex(UID, uid);
  }

  Optional<ServiceAccount> account(String namespace, String name) {
    return accounts.get(new ResourceID(name, namespace));
  }

  /** The namespaces that the operator may work in; empty: all. */
  Set<String> reach() {
    return context.getControllerConfiguration().getInformerConfig().watchAllNamespaces()
        ? Set.of()
        : context.getControllerConfiguration().getEffectiveNamespaces();
  }

  private static boolean isConcerned(AccessPolicy policy, ServiceAccount account) {
    PullSecretsSpec spec = policy.getSpec().pullSecrets();
    return (spec != null
            && spec.attachToServiceAccounts().contains(account.getMetadata().getName()))
        || Attachment.uidsOf(account).contains(uid(policy));
  }

  private Set<ResourceID> policies(Predicate<AccessPolicy> which) {
    return context
        .getPrimaryCache()
        .list(which)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static String uid(HasMetadata policy) {
    return policy.getMetadata().getUid();
  }
}
