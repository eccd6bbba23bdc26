package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Action;
import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.Grant;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Subject;
import dev.berth.policy.Visibility;
import dev.berth.registry.identity.Caller;
import dev.berth.registry.oci.RepositoryName;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A document of 10,000 Repositories and 5,000 AccessPolicies decides as a small one does. {@code
 * -Dscale=true} has it print what that costs.
 */
final class PolicyScaleTest {
  private static final int REPOSITORIES = 10_000;
  private static final int POLICIES = 5_000;
  private static final int ROUNDS = Boolean.getBoolean("scale") ? 400 : 1;

  @Test
  void aLargeDocumentDecidesAsASmallOne() throws IOException {
    // Given
    PolicyDocument document = PolicyDocumentFormat.document(content(), 1);
    byte[] sent = PolicyDocumentFormat.gzip(document);
    long before = usedBytes();
    long began = cpuNanos();
    PolicyInForce policy = new PolicyInForce(Clock.systemUTC());
    String revision = policy.offer(PolicyDocumentFormat.read(sent));
    long taken = cpuNanos() - began;
    long kept = usedBytes() - before;

    // When
    int allowed = 0;
    long decided = cpuNanos();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < POLICIES; i++) {
        allowed += decide(policy, i, i) ? 1 : 0;
        allowed += decide(policy, i, i + 1) ? 1 : 0;
      }
    }
    long each = (cpuNanos() - decided) / (2L * ROUNDS * POLICIES);

    // Then
    assertThat(revision).isEqualTo(document.revision());
    assertThat(allowed).isEqualTo(ROUNDS * POLICIES);
    if (Boolean.getBoolean("scale")) {
      System.out.printf(
          "document %d bytes gzipped, taken in %d ms of CPU, %d KiB in memory, a decision %d ns%n",
          sent.length, taken / 1_000_000, kept >> 10, each);
    }
  }

  private static boolean decide(PolicyInForce policy, int user, int team) {
    Caller caller =
        Caller.user(
            "user-" + user,
            IntStream.range(0, 20).mapToObj(g -> "group-" + g).collect(Collectors.toSet()),
            "ldap");
    return policy
        .decide(caller, new RepositoryName("team-" + team + "/apps/web"), Action.PUSH)
        .isAllowed();
  }

  private static PolicyDocument.Content content() {
    return new PolicyDocument.Content(
        true,
        Creation.ON_PUSH,
        IntStream.range(0, REPOSITORIES)
            .mapToObj(
                i ->
                    new DeclaredRepository(
                        "team-" + i / 2 + "/repository-" + i,
                        new PathPattern("team-" + i / 2 + (i % 2 == 0 ? "/**" : "/apps/web")),
                        Visibility.PRIVATE,
                        List.of("v*"),
                        List.of(),
                        null,
                        null))
            .toList(),
        IntStream.range(0, POLICIES)
            .mapToObj(
                i ->
                    new Grant(
                        "team-" + i + "/developers",
                        List.of(
                            new Subject(Subject.Kind.USER, "user-" + i, null),
                            new Subject(Subject.Kind.SERVICE_ACCOUNT, "builder", "team-" + i)),
                        List.of(new PathPattern("team-" + i + "/**")),
                        Set.of(Action.PULL, Action.PUSH),
                        null))
            .toList());
  }

  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
