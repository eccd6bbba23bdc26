package dev.berth.operator.pullsecrets;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.accesspolicy.PullSecretsSpec;
import dev.berth.operator.kubernetes.TestedPatch;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.policy.PullSecretsCompiler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an AccessPolicy's copies as they are wished: first goes what is not wanted any more, then
 * comes what is missing, then ServiceAccounts get the name of what is there.
 */
public final class PullSecretsKeeper {

  /** Holds an AccessPolicy until everything that was made for it is gone. */
  static final String FINALIZER = "berth.dev/pull-secrets";

  private static final Logger LOG = LoggerFactory.getLogger(PullSecretsKeeper.class);

  private final Clock clock;
  private @Nullable PullSecretsSources sources;

  public PullSecretsKeeper(Clock clock) {
    this.clock = clock;
  }

  /** To be called once, before the first visit. */
  public List<EventSource<?, AccessPolicy>> prepareEventSources(
      EventSourceContext<AccessPolicy> context) {
    sources = new PullSecretsSources(context);
    return sources.all();
  }

  /** Brings the copies to what is wished; empty: they were not looked at. */
  public Optional<Distribution> keep(
      AccessPolicy policy, Wish wish, Context<AccessPolicy> context) {
    return switch (wish) {
      case Wish.None none -> {
        release(policy, context.getClient());
        yield Optional.of(Distribution.NONE);
      }
      case Wish.AsTheyAre same -> Optional.empty();
      case Wish.Copies copies -> Optional.of(keep(policy, copies, context));
    };
  }

  /** Takes away everything that was made for the AccessPolicy, and lets it go. */
  public void release(AccessPolicy policy, KubernetesClient client) {
    String uid = policy.getMetadata().getUid();
    if (!policy.getMetadata().getFinalizers().contains(FINALIZER)
        && known().copies(uid).isEmpty()
        && known().attached(uid).isEmpty()) {
      return;
    }
    CopyWriter writer = new CopyWriter(client);
    // The API server is asked: what was made a moment ago is in no cache yet.
    List<Secret> copies = writer.find(uid, known().reach());
    AttachmentWriter attachments = new AttachmentWriter(client, uid);
    accounts(policy, copies).distinct().forEach(attachments::detachForGood);
    copies.forEach(writer::delete);
    if (!copies.isEmpty() && !writer.find(uid, known().reach()).isEmpty()) {
      throw new IllegalStateException("somebody changed pull secrets while they were deleted");
    }
    LOG.info("access policy {}: took {} pull secrets away", ObjectKey.of(policy), copies.size());
    TestedPatch.removeFinalizer(policy, FINALIZER, client);
  }

  /** Those that have the name, and those that may have got it a moment ago. */
  private Stream<ResourceID> accounts(AccessPolicy policy, List<Secret> copies) {
    PullSecretsSpec spec = policy.getSpec().pullSecrets();
    List<String> names = spec == null ? List.of() : spec.attachToServiceAccounts();
    return Stream.concat(
        known().attached(policy.getMetadata().getUid()).stream().map(ResourceID::fromResource),
        copies.stream()
            .map(copy -> copy.getMetadata().getNamespace())
            .flatMap(namespace -> names.stream().map(name -> new ResourceID(name, namespace))));
  }

  private Distribution keep(AccessPolicy policy, Wish.Copies wish, Context<AccessPolicy> context) {
    PullSecretsSpec spec = Objects.requireNonNull(policy.getSpec().pullSecrets());
    String uid = policy.getMetadata().getUid();
    Instant now = clock.instant();
    long generation = PullSecretsCompiler.currentGeneration(wish.entry(), now);
    CopyPlan plan =
        CopyPlan.of(
            spec.name(),
            wish.entry().namespaces(),
            known().copies(uid),
            namespace ->
                PullSecretCopy.render(
                    policy, spec.name(), namespace, generation, wish.credentials()));
    if (wish.enforced()
        && !plan.isEmpty()
        && !policy.getMetadata().getFinalizers().contains(FINALIZER)) {
      context.resourceOperations().addFinalizerWithSSA(FINALIZER);
    }
    Attempts attempts = new Attempts(policy);
    AttachmentWriter attachments = new AttachmentWriter(context.getClient(), uid);
    // What works is not taken away before there can be another.
    Set<String> kept = new HashSet<>(plan.present());
    if (!wish.enforced()) {
      kept.addAll(wish.entry().namespaces());
    }
    detach(uid, spec, kept, attachments, attempts);
    CopyWriter writer = new CopyWriter(context.getClient());
    plan.unwanted().stream()
        .filter(copy -> wish.enforced() || !kept.contains(namespace(copy)))
        .forEach(copy -> attempts.run(namespace(copy), () -> writer.delete(copy)));
    List<String> conflicts = new ArrayList<>();
    Set<String> there = new HashSet<>(plan.present());
    if (wish.enforced()) {
      for (CopyPlan.Change change : plan.changed()) {
        attempts.run(
            namespace(change.copy()), () -> writer.replace(change.copy(), change.wanted()));
      }
      for (Secret wanted : plan.missing()) {
        attempts.run(
            namespace(wanted),
            () -> (writer.create(wanted) ? there : conflicts).add(namespace(wanted)));
      }
    }
    attach(spec, there, attachments, attempts);
    return new Distribution(
        there.size(),
        wish.enforced() ? 0 : plan.missing().size() + plan.changed().size(),
        conflicts,
        attempts.failure(),
        Optional.of(Instant.ofEpochSecond(generation)),
        PullSecretsCompiler.rotatesAt(wish.entry(), now));
  }

  /** Takes the name from who should not have it any more. */
  private void detach(
      String uid,
      PullSecretsSpec spec,
      Set<String> there,
      AttachmentWriter attachments,
      Attempts attempts) {
    for (ServiceAccount account : known().attached(uid)) {
      boolean wanted =
          there.contains(namespace(account))
              && spec.attachToServiceAccounts().contains(account.getMetadata().getName());
      if (!wanted) {
        attempts.run(namespace(account), () -> attachments.attach(account, null));
      }
    }
  }

  private void attach(
      PullSecretsSpec spec, Set<String> there, AttachmentWriter attachments, Attempts attempts) {
    for (String namespace : there) {
      for (String name : spec.attachToServiceAccounts()) {
        known()
            .account(namespace, name)
            .ifPresent(
                account -> attempts.run(namespace, () -> attachments.attach(account, spec.name())));
      }
    }
  }

  private static String namespace(HasMetadata object) {
    return object.getMetadata().getNamespace();
  }

  private PullSecretsSources known() {
    return Objects.requireNonNull(sources, "prepared before the first visit");
  }
}
