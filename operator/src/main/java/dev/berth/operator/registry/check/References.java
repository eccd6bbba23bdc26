package dev.berth.operator.registry.check;

import dev.berth.operator.certmanager.CertManagerLookup;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the spec of a Registry names, and what the operator itself kept of it; null: there is no
 * such object, or the spec names none.
 *
 * @param users Secret of {@code authentication.users}
 * @param callers the Secrets of {@code authentication.oidc} and {@code authentication.ldap} that
 *     there are, by name
 * @param clusterIssuer who issues the tokens of the cluster's ServiceAccounts; null: not known
 * @param tls Secret with the certificate in use, where the registry's own authority did not issue
 *     it
 * @param claim of {@code storage.existingClaim}, else whatever has the name of the registry's own
 * @param claimRival the Registry that may serve from the claim instead of this one
 * @param claimUsers pods that write to the claim while this registry has none
 * @param keys the registry's own keys Secret
 * @param certificate the registry's own certificate Secret
 * @param authority the registry's own Secret with what clients trust
 * @param policy the registry's own policy Secret
 * @param certManager what there is of cert-manager; null: the spec does not ask for it
 */
public record References(
    @Nullable Secret users,
    Map<String, Secret> callers,
    @Nullable String clusterIssuer,
    @Nullable Secret tls,
    @Nullable PersistentVolumeClaim claim,
    @Nullable String claimRival,
    List<String> claimUsers,
    @Nullable Secret keys,
    @Nullable Secret certificate,
    @Nullable Secret authority,
    @Nullable Secret policy,
    @Nullable CertManagerLookup certManager) {}
