package dev.berth.operator.hosting;

import dev.berth.operator.kubernetes.Labels;
import dev.berth.operator.policy.ObjectKey;
import dev.berth.operator.registry.model.RegistryModel;
import dev.berth.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What tools read (<a
 * href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/generic/1755-communicating-a-local-registry">KEP-1755</a>).
 * There is one in a cluster.
 */
final class HostingConfigMap {
  static final String NAMESPACE = "kube-public";
  static final String NAME = "local-registry-hosting";
  private static final String KEY = "localRegistryHosting.v1";

  /** Whose it is: its labels would make it a child to the operator's watches. */
  private static final String OWNER = "berth.dev/local-registry-hosting";

  private HostingConfigMap() {}

  static ConfigMap render(RegistryModel model) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(NAMESPACE)
        .withLabels(Map.of(Labels.MANAGED_BY, Labels.OPERATOR))
        .withAnnotations(Map.of(OWNER, owner(model.names())))
        .endMetadata()
        .withData(Map.of(KEY, Serialization.asYaml(hosting(model))))
        .build();
  }

  private static Map<String, String> hosting(RegistryModel model) {
    List<String> cluster = model.names().clusterHosts();
    String service = model.names().serviceHost();
    Map<String, String> hosting = new LinkedHashMap<>();
    // Tools outside of the cluster push there; without it they know that they cannot.
    model.hosts().stream()
        .filter(host -> !cluster.contains(host))
        .findFirst()
        .ifPresent(host -> hosting.put("host", host));
    hosting.put("hostFromClusterNetwork", service);
    if (model.nodeAccess() != null) {
      hosting.put("hostFromContainerRuntime", service);
    }
    return hosting;
  }

  /** What it says of whose it is; null: it is none of the operator's. */
  static @Nullable String owner(ConfigMap found) {
    Map<String, String> labels = found.getMetadata().getLabels();
    Map<String, String> annotations = found.getMetadata().getAnnotations();
    return labels != null
            && annotations != null
            && Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY))
        ? annotations.get(OWNER)
        : null;
  }

  static String owner(RegistryNames names) {
    return new ObjectKey(names.namespace(), names.name()).toString();
  }
}
