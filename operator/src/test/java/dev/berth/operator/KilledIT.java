package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.embedded.fault.ApiCall;
import dev.berth.embedded.fault.Fault;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An operator that ends after any of its writes, and another one that goes on from there. To the
 * API, a killed process is a client whose connections end and who never comes back.
 */
@NullUnmarked // a null is a failed test
class KilledIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** More than any story here writes; reaching it means that it never ends. */
  private static final int MOST_WRITES = 60;

  private RunningOperator operators;
  private KubernetesClient client;

  @BeforeEach
  void start() throws Exception {
    operators = new RunningOperator();
    operators.server().close();
    client = operators.client();
  }

  @AfterEach
  void stop() {
    operators.close();
  }

  @Test
  void whatOneOperatorBeganAnotherCompletes() throws Exception {
    int writes = killedAfterEachWrite(this::begunAndCompleted);
    assertThat(writes).isBetween(Scenario.CHILDREN.size() + 3, MOST_WRITES - 2);
  }

  @Test
  void whatDependedOnADeletedRegistryIsToldSoByTheNextOperator() throws Exception {
    int writes = killedAfterEachWrite(this::deletedAndTold);
    assertThat(writes).isBetween(2, MOST_WRITES - 2);
  }

  private void begunAndCompleted(Scenario scenario, int last, Life first) throws Exception {
    // Given
    first.start();
    scenario.create();
    first.awaitEndOr(
        () -> {
          scenario.attend();
          return scenario.isReady();
        });
    first.kill();

    // When
    EmbeddedServer second = operators.start("second-" + last);

    // Then
    scenario.awaitReady(SOON);
    scenario.assertWhole();
    second.close();
  }

  private void deletedAndTold(Scenario scenario, int last, Life first) throws Exception {
    // Given
    EmbeddedServer before = operators.start("before");
    scenario.create();
    scenario.awaitReady(SOON);
    before.close();
    first.start();
    client.resource(scenario.registry()).delete();
    // As the garbage collector does, which this API lacks.
    scenario.children().values().forEach(child -> client.resource(child).delete());
    first.awaitEndOr(() -> isTold(scenario));
    first.kill();

    // When
    EmbeddedServer second = operators.start("second-" + last);

    // Then
    await().atMost(SOON).until(() -> isTold(scenario));
    // What a visit that was under way made once more goes with its owner, or is the retained claim.
    assertThat(scenario.children().values())
        .allMatch(
            child ->
                child instanceof PersistentVolumeClaim
                    || !child.getMetadata().getOwnerReferences().isEmpty());
    second.close();
  }

  /** Until the first operator lives long enough to write all there is; returns how much that is. */
  private int killedAfterEachWrite(Story story) throws Exception {
    for (int last = 1; ; last++) {
      String namespace = "n" + last;
      operators.namespace(namespace);
      Life first = new Life("first-" + last, last);
      try (Scenario scenario = new Scenario(operators, namespace)) {
        story.tell(scenario, last, first);
        scenario.delete();
      }
      if (first.writes() < last || last == MOST_WRITES) {
        return first.writes();
      }
    }
  }

  private static boolean isTold(Scenario scenario) {
    List<CustomResource<?, ?>> objects =
        List.of(scenario.get(Repository.class, "app"), scenario.get(AccessPolicy.class, "ci"));
    return objects.stream()
        .allMatch(
            object ->
                Scenario.condition(object, "Ready")
                    .filter(ready -> ready.reason().equals("RegistryMissing"))
                    .isPresent());
  }

  private interface Story {
    void tell(Scenario scenario, int last, Life first) throws Exception;
  }

  /** An operator that is cut off when its last write has taken effect, before it hears of it. */
  private final class Life {
    private final String name;
    private final int lastWrite;
    private final AtomicInteger writes = new AtomicInteger();
    private EmbeddedServer operator;

    Life(String name, int lastWrite) {
      this.name = name;
      this.lastWrite = lastWrite;
    }

    void start() {
      operators.faults().on(this::isOver, Fault.refuse());
      operators.faults().on(this::ends, Fault.loseAnswer());
      // A killed process does not try again.
      operator = operators.start(name, Map.of(TestClient.RETRIES, 0));
    }

    private boolean isOver(ApiCall call) {
      return call.userAgent().equals(name) && writes.get() >= lastWrite;
    }

    private boolean ends(ApiCall call) {
      return call.userAgent().equals(name)
          && call.isWrite()
          && writes.incrementAndGet() == lastWrite;
    }

    int writes() {
      return writes.get();
    }

    void awaitEndOr(Callable<Boolean> done) {
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> writes.get() >= lastWrite || done.call());
    }

    void kill() {
      operator.getApplicationContext().getBean(KubernetesClient.class).close();
      operator.close();
      operators.faults().clear();
    }
  }
}
