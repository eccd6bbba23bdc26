package dev.berth.operator.registry;

import dev.berth.api.v1alpha1.SecretKeyRef;
import dev.berth.api.v1alpha1.registry.AuthenticationSpec;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.api.v1alpha1.registry.RegistrySpec;
import dev.berth.api.v1alpha1.registry.TlsSpec;
import dev.berth.operator.kubernetes.SecondaryResources;
import dev.berth.operator.registry.check.CertManagerSecret;
import dev.berth.operator.registry.check.ClaimRivals;
import dev.berth.operator.registry.check.References;
import dev.berth.operator.registry.check.SecretText;
import dev.berth.operator.registry.model.KeyMaterial;
import dev.berth.operator.registry.model.RegistryNames;
import dev.berth.operator.registry.model.StorageChoice;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what a Registry names. The user's objects are asked for by name at each visit and never
 * cached; the operator's own come from its cache, and are asked for before their absence is
 * believed: a key that were made anew for want of an event would invalidate the one in use.
 */
final class ReferenceResolver {
  private ReferenceResolver() {}

  /**
   * Looks everything up.
   *
   * @param clusterIssuer who issues the tokens of ServiceAccounts; null: not known
   */
  static References resolve(
      Registry registry,
      RegistryNames names,
      @Nullable String clusterIssuer,
      Context<Registry> context) {
    RegistrySpec spec = registry.getSpec();
    KubernetesClient client = context.getClient();
    String namespace = names.namespace();
    PersistentVolumeClaim claim = claim(spec, names, context);
    TlsSpec tls = spec.tls();
    Secret certificate = own(context, namespace, names.certificate());
    Secret keys = own(context, namespace, names.keys());
    return new References(
        spec.authentication() == null || spec.authentication().users() == null
            ? null
            : secret(client, namespace, spec.authentication().users().secretRef().name()),
        callers(spec.authentication(), namespace, client),
        clusterIssuer,
        tls == null || tls.secretRef() == null
            ? (tls == null || tls.certManager() == null ? null : certManager(certificate, keys))
            : secret(client, namespace, tls.secretRef().name()),
        claim,
        ClaimRivals.before(registry, context.getPrimaryCache().list(namespace, any -> true))
            .orElse(null),
        claim == null
            ? List.of()
            : ClaimUse.users(registry, names, claim.getMetadata().getName(), context),
        keys,
        certificate,
        tls == null || tls.selfSigned() != null ? own(context, namespace, names.authority()) : null,
        own(context, namespace, names.policy()),
        CertManagerIssuing.find(registry, names, client));
  }

  private static Map<String, Secret> callers(
      @Nullable AuthenticationSpec spec, String namespace, KubernetesClient client) {
    if (spec == null) {
      return Map.of();
    }
    List<SecretKeyRef> authorities = new ArrayList<>();
    spec.oidc().forEach(issuer -> authorities.add(issuer.caSecretRef()));
    Set<String> names = new HashSet<>();
    if (spec.ldap() != null) {
      authorities.add(spec.ldap().caSecretRef());
      if (spec.ldap().bindSecretRef() != null) {
        names.add(spec.ldap().bindSecretRef().name());
      }
    }
    authorities.stream().filter(Objects::nonNull).map(SecretKeyRef::name).forEach(names::add);
    Map<String, Secret> found = new HashMap<>();
    for (String name : names) {
      Secret secret = secret(client, namespace, name);
      if (secret != null) {
        found.put(name, secret);
      }
    }
    return found;
  }

  private static @Nullable Secret certManager(@Nullable Secret certificate, @Nullable Secret keys) {
    return certificate == null || keys == null
        ? certificate
        : CertManagerSecret.withoutLeftAuthority(
            certificate, SecretText.of(keys, KeyMaterial.AUTHORITY_CERTIFICATE));
  }

  /** That of the user is not labelled, and so never in the cache. */
  private static @Nullable PersistentVolumeClaim claim(
      RegistrySpec spec, RegistryNames names, Context<Registry> context) {
    String name = StorageChoice.claimName(spec, names);
    if (name == null) {
      return null;
    }
    return context
        .getSecondaryResourcesAsStream(PersistentVolumeClaim.class)
        .filter(claim -> StorageChoice.isOwnClaim(spec) && isNamed(claim, name))
        .findFirst()
        .orElseGet(
            () ->
                context
                    .getClient()
                    .persistentVolumeClaims()
                    .inNamespace(names.namespace())
                    .withName(name)
                    .get());
  }

  private static @Nullable Secret own(Context<Registry> context, String namespace, String name) {
    return SecondaryResources.named(context, Secret.class, name)
        .orElseGet(() -> secret(context.getClient(), namespace, name));
  }

  private static @Nullable Secret secret(KubernetesClient client, String namespace, String name) {
    return client.secrets().inNamespace(namespace).withName(name).get();
  }

  private static boolean isNamed(HasMetadata object, String name) {
    return object.getMetadata().getName().equals(name);
  }
}
