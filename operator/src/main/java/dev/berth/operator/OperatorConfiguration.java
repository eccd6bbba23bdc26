package dev.berth.operator;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.List;

/**
 * How this operator runs: {@code berth.*} of its configuration, or environment variables such as
 * {@code BERTH_SERVER_IMAGE}.
 *
 * @param serverImage what a Registry without {@code spec.image} runs
 * @param namespace the operator's own, where its Lease lies
 * @param watchNamespaces where it looks for the three kinds; empty: everywhere
 * @param version of the release, for {@code status.version}
 */
@ConfigurationProperties("berth")
public record OperatorConfiguration(
    String serverImage,
    String namespace,
    @Nullable List<String> watchNamespaces,
    String version,
    @Bindable(defaultValue = "true") boolean leaderElection) {}
