package dev.berth.operator.nodeaccess;

import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.operator.policy.PullCredentials;
import dev.berth.operator.registry.dependent.RegistryChild;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.policy.Canary;
import dev.berth.policy.PullCredential;
import dev.berth.policy.PullSecrets;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Deleter;
import java.util.List;
import java.util.Optional;

/** What kubelets log in with for the trial pulls: a credential that is for nothing else. */
public final class CanarySecretChild extends RegistryChild<Secret> implements Deleter<Registry> {

  public CanarySecretChild() {
    super(Secret.class, "canary-secret");
  }

  @Override
  public String childName(RegistryNames names) {
    return names.canary();
  }

  @Override
  public boolean isWanted(RegistryModel model) {
    return isPossible(model);
  }

  @Override
  public Secret desired(RegistryModel model) {
    PullSecrets entry = entry(model).orElseThrow();
    String config =
        new PullCredentials(
                model.keys().pullSecretsKey(), List.of(CanaryJob.host(NodeChild.nodes(model))))
            .dockerConfig(
                new PullCredential(entry.policy(), model.names().namespace()),
                entry.uid(),
                entry.generations().getFirst());
    return new SecretBuilder()
        .withMetadata(metadata(model))
        .withType(PullCredentials.SECRET_TYPE)
        .addToData(PullCredentials.SECRET_DATA, config)
        .build();
  }

  /** Whether nodes could pull, and the policy has a credential for it. */
  static boolean isPossible(RegistryModel model) {
    return model.nodeAccess() != null
        && !model.awaitsAddress()
        && model.nodeAccess().isReachable()
        && entry(model).isPresent();
  }

  private static Optional<PullSecrets> entry(RegistryModel model) {
    return model.policy().content().pullSecrets().stream()
        .filter(entry -> entry.policy().equals(Canary.POLICY))
        .findFirst();
  }
}
