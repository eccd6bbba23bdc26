package dev.berth.operator;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * How this operator runs: {@code berth.*} of its configuration, or environment variables such as
 * {@code BERTH_SERVER_IMAGE}.
 *
 * @param serverImage what a Registry without {@code spec.image} runs; null: the image of this
 *     release
 * @param nodeImage what runs on nodes for a Registry with {@code spec.nodeAccess}; null: the image
 *     of this release
 * @param nodeHosts globs of the external hosts that Registries with {@code spec.nodeAccess} may
 *     make nodes pull from them; none: nodes know the names of the cluster alone
 * @param namespace the operator's own, where its Lease lies
 * @param lease name of the Lease by which the replicas of one installation agree on who acts
 * @param watchNamespaces where it looks for the three kinds; empty: everywhere
 * @param localRegistryHosting whether a Registry may say in {@code kube-public} that it is the
 *     cluster's own
 * @param tokenKeysInterval how often it asks by which keys the cluster signs ServiceAccount tokens
 */
@ConfigurationProperties("berth")
public record OperatorConfiguration(
    @Nullable String serverImage,
    @Nullable String nodeImage,
    @Nullable List<String> nodeHosts,
    String namespace,
    @Bindable(defaultValue = "berth-operator") String lease,
    @Nullable List<String> watchNamespaces,
    @Bindable(defaultValue = "true") boolean leaderElection,
    @Bindable(defaultValue = "false") boolean localRegistryHosting,
    @Bindable(defaultValue = "60s") Duration tokenKeysInterval) {

  /**
   * The release that this is, as its jar says; "development" when it runs from a folder of classes.
   */
  public String version() {
    String version = OperatorConfiguration.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** The image that a Registry without {@code spec.image} runs. */
  public String defaultServerImage() {
    return serverImage == null ? "berth.dev/berth-registry:" + version() : serverImage;
  }

  /** What of {@code spec.externalHosts} nodes may be told. */
  public List<String> allowedHosts() {
    return nodeHosts == null ? List.of() : nodeHosts;
  }

  /** The image of the node agent. It never comes from a registry that it makes reachable. */
  public String defaultNodeImage() {
    return nodeImage == null ? "berth.dev/berth-node:" + version() : nodeImage;
  }
}
