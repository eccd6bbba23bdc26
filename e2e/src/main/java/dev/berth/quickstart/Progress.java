package dev.berth.quickstart;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for conditions of custom resources, and shows what they say meanwhile. */
final class Progress {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KubernetesClient client;
  private final PrintStream out;
  private final Map<Goal, String> shown = new HashMap<>();

  /** A condition that must become True. */
  record Goal(String kind, String plural, String namespace, String name, String condition) {

    @Override
    public String toString() {
      return kind + " " + name + ": " + condition;
    }
  }

  /** What a condition says about the object's present generation. */
  private record Finding(boolean met, String text) {}

  Progress(KubernetesClient client, PrintStream out) {
    this.client = client;
    this.out = out;
  }

  /**
   * Returns when all are met.
   *
   * @param broken why waiting is in vain, asked again and again; null while it is not
   */
  void await(List<Goal> goals, Duration timeout, Supplier<@Nullable String> broken)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      boolean all = true;
      for (Goal goal : goals) {
        Finding finding = look(goal);
        if (!finding.text().equals(shown.put(goal, finding.text()))) {
          out.println("  " + goal + " " + finding.text());
        }
        all &= finding.met();
      }
      if (all) {
        return;
      }
      String reason = broken.get();
      if (reason != null) {
        throw new QuickstartException(reason);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new QuickstartException("not ready after " + timeout.toSeconds() + " s");
      }
      Thread.sleep(POLL);
    }
  }

  private Finding look(Goal goal) {
    GenericKubernetesResource object =
        client
            .genericKubernetesResources(
                new ResourceDefinitionContext.Builder()
                    .withGroup("berth.dev")
                    .withVersion("v1alpha1")
                    .withKind(goal.kind())
                    .withPlural(goal.plural())
                    .withNamespaced(true)
                    .build())
            .inNamespace(goal.namespace())
            .withName(goal.name())
            .get();
    if (object == null) {
      return new Finding(false, "is missing");
    }
    Optional<Map<?, ?>> condition = condition(object, goal.condition());
    if (condition.isEmpty()) {
      return new Finding(false, "not looked at yet");
    }
    Map<?, ?> found = condition.get();
    boolean current =
        Objects.equals(
            String.valueOf(found.get("observedGeneration")),
            String.valueOf(object.getMetadata().getGeneration()));
    boolean met = current && "True".equals(found.get("status"));
    return new Finding(
        met, found.get("status") + " (" + found.get("reason") + ") " + found.get("message"));
  }

  private static Optional<Map<?, ?>> condition(GenericKubernetesResource object, String type) {
    if (object.getAdditionalProperties().get("status") instanceof Map<?, ?> status
        && status.get("conditions") instanceof List<?> conditions) {
      for (Object candidate : conditions) {
        if (candidate instanceof Map<?, ?> condition && type.equals(condition.get("type"))) {
          return Optional.of(condition);
        }
      }
    }
    return Optional.empty();
  }
}
