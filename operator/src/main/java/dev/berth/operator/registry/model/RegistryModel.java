package dev.berth.operator.registry.model;

import dev.berth.api.v1alpha1.registry.NetworkPolicySpec;
import dev.berth.policy.PolicyDocument;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Registry with every default filled in and every reference resolved.
 *
 * @param hosts names that clients use, each with a port unless it is the scheme's own; the
 *     canonical one first
 * @param configuration content of the server's registry.yaml
 * @param nodeAccess what nodes are told; null: nothing
 * @param networkPolicy null: none
 * @param operatorNamespace from where the management port is reached
 */
public record RegistryModel(
    RegistryNames names,
    String image,
    int replicas,
    List<String> hosts,
    String configuration,
    KeyMaterial keys,
    TlsModel tls,
    StorageModel storage,
    AuthenticationModel authentication,
    PolicyDocument policy,
    ServiceModel service,
    @Nullable NodeAccessModel nodeAccess,
    @Nullable NetworkPolicySpec networkPolicy,
    String operatorNamespace,
    ResourceRequirements resources,
    PodModel pod) {

  /** The URL of a host of this registry. */
  public String url(String host) {
    return (isTls() ? "https://" : "http://") + host;
  }

  /**
   * Whether something needs the Service's address that it does not have yet: what is rendered
   * without it would be rendered anew a moment later, and restart the pods.
   */
  public boolean awaitsAddress() {
    return nodeAccess != null && !nodeAccess.hasAddress();
  }

  public boolean isTls() {
    return !(tls instanceof TlsModel.Disabled);
  }
}
