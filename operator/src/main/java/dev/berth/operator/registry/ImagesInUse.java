package dev.berth.operator.registry;

import dev.berth.operator.policy.Lately;
import dev.berth.operator.policy.ObjectKey;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks for pods that run images which are about to be deleted: in every namespace that the
 * operator watches, page by page, and never from a cache, since nothing else needs to know all
 * pods. Between two looks it only asks whether those are still there that it named.
 */
public final class ImagesInUse {
  private static final long PAGE = 500;
  private static final int NAMED = 3;
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /**
   * What one look found.
   *
   * @param count of all pods that use an image
   * @param named the first of them
   */
  public record Found(int count, List<ObjectKey> named) {

    /** Says which; empty: none does. */
    public Optional<String> message(String images) {
      return switch (count) {
        case 0 -> Optional.empty();
        case 1 -> Optional.of("A pod runs an image of %s: %s".formatted(images, text()));
        default -> Optional.of("%d pods run images of %s: %s".formatted(count, images, text()));
      };
    }

    private String text() {
      String names =
          String.join(", ", named.stream().map(pod -> pod.namespace() + "/" + pod.name()).toList());
      return count <= named.size()
          ? names
          : "%s and %d more".formatted(names, count - named.size());
    }
  }

  private record Look(Found found, Instant at) {}

  private final Clock clock;
  private final Map<ObjectKey, Look> looks = new ConcurrentHashMap<>();

  public ImagesInUse(Clock clock) {
    this.clock = clock;
  }

  /**
   * The pods that there are.
   *
   * @param key of what is being deleted
   */
  public Found look(ObjectKey key, RunningImages images, Context<?> context) {
    Look last = looks.get(key);
    if (last != null
        && last.found().count() > 0
        && Lately.was(last.at(), INTERVAL, clock.instant())
        && last.found().named().stream().allMatch(pod -> runs(context.getClient(), pod, images))) {
      return last.found();
    }
    Found found = list(images, context);
    looks.put(key, new Look(found, clock.instant()));
    return found;
  }

  /** It is gone. */
  public void forget(ObjectKey key) {
    looks.remove(key);
  }

  private static boolean runs(KubernetesClient client, ObjectKey key, RunningImages images) {
    Pod pod = client.pods().inNamespace(key.namespace()).withName(key.name()).get();
    return pod != null && images.areIn(pod);
  }

  private static Found list(RunningImages images, Context<?> context) {
    var configuration = context.getControllerConfiguration().getInformerConfig();
    Set<String> namespaces = configuration.getNamespaces();
    List<ObjectKey> named = new ArrayList<>();
    int count = 0;
    for (String namespace : configuration.watchAllNamespaces() ? Set.of("") : namespaces) {
      String next = null;
      do {
        PodList page = page(context.getClient(), namespace, next);
        for (Pod pod : page.getItems()) {
          if (images.areIn(pod)) {
            count++;
            if (named.size() < NAMED) {
              named.add(ObjectKey.of(pod));
            }
          }
        }
        next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
      } while (next != null && !next.isEmpty());
    }
    return new Found(count, named);
  }

  private static PodList page(KubernetesClient client, String namespace, @Nullable String next) {
    var options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
    return namespace.isEmpty()
        ? client.pods().inAnyNamespace().list(options)
        : client.pods().inNamespace(namespace).list(options);
  }
}
