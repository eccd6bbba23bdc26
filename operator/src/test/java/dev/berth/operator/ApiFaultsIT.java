package dev.berth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.api.v1alpha1.accesspolicy.AccessPolicy;
import dev.berth.api.v1alpha1.registry.Registry;
import dev.berth.embedded.fault.ApiCall;
import dev.berth.embedded.fault.Fault;
import dev.berth.embedded.fault.Faults;
import dev.berth.policy.Grant;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server that refuses, fails, is slow, or loses what it answers, for a while. */
@NullUnmarked // a null is a failed test
class ApiFaultsIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration IN_THE_END = Duration.ofSeconds(60);
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  private static RunningOperator operator;
  private static KubernetesClient client;
  private Faults faults;
  private String namespace;
  private Scenario scenario;
  private OperatorLog log;
  private final AtomicInteger calls = new AtomicInteger();

  @BeforeAll
  static void start() throws Exception {
    operator = new RunningOperator();
    client = operator.client();
  }

  @AfterAll
  static void stop() {
    operator.close();
  }

  @BeforeEach
  void ownNamespace(TestInfo test) {
    faults = operator.faults();
    namespace = "f" + NAMESPACES.incrementAndGet();
    operator.namespace(namespace);
    scenario = new Scenario(operator, namespace);
    log = new OperatorLog();
    faults.observe(
        call -> {
          if (isItsOwn(call)) {
            calls.incrementAndGet();
          }
        });
  }

  @AfterEach
  void end() {
    faults.clear();
    scenario.delete();
    scenario.close();
    log.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 429, 500, 503})
  void everyWriteMayBeRefusedTwice(int code) throws Exception {
    // Given
    Set<String> refused = ConcurrentHashMap.newKeySet();
    faults.on(
        its(ApiCall::isWrite).and(call -> refused.add(key(call) + refused.contains(key(call)))),
        Fault.answer(code));

    // When
    scenario.create();

    // Then
    scenario.awaitReady(IN_THE_END);
    scenario.assertWhole();
    assertThat(refused).anyMatch(key -> key.contains("deployments"));
    assertThat(refused).anyMatch(key -> key.contains("status"));
    assertThat(log.stackTraces()).isEmpty();
    assertThat(calls).hasValueLessThan(400);
  }

  @Test
  void aClientThatIsToldToWaitWaits() throws Exception {
    // Given
    ConcurrentHashMap<String, Long> refusedAt = new ConcurrentHashMap<>();
    ConcurrentHashMap<String, Long> waited = new ConcurrentHashMap<>();
    faults.observe(
        call -> {
          Long first = refusedAt.get(key(call));
          if (first != null) {
            waited.putIfAbsent(key(call), System.nanoTime() - first);
          }
        });
    faults.on(
        its(call -> call.isWrite() && call.isOf("deployments"))
            .and(call -> refusedAt.putIfAbsent(key(call), System.nanoTime()) == null),
        Fault.retryAfter(2));

    // When
    scenario.create();

    // Then
    scenario.awaitReady(IN_THE_END);
    assertThat(waited).isNotEmpty();
    assertThat(waited.values())
        .allSatisfy(nanos -> assertThat(nanos).isGreaterThan(1_900_000_000L));
  }

  @Test
  void everythingMayFailForAWhile() throws Exception {
    // Given
    Faults.Rule failure = faults.on(its(call -> !call.isWatch()), Fault.answer(500));
    scenario.create();
    await().atMost(SOON).until(() -> failure.count() > 20);

    // When
    failure.close();

    // Then
    scenario.awaitReady(IN_THE_END);
    scenario.assertWhole();
    assertThat(log.stackTraces()).isEmpty();
    assertThat(calls).hasValueLessThan(400);
  }

  @Test
  void everyRequestMayTakeTwoSeconds() throws Exception {
    // Given
    faults.on(its(call -> !call.isWatch()), Fault.delay(Duration.ofSeconds(2)));

    // When
    scenario.create();

    // Then
    scenario.awaitReady(Duration.ofMinutes(2));
    scenario.assertWhole();
    assertThat(log.stackTraces()).isEmpty();
    assertThat(calls).hasValueLessThan(200);
  }

  @Test
  void theAnswerToEveryFirstWriteMayBeLost() throws Exception {
    // Given
    Set<String> lost = ConcurrentHashMap.newKeySet();
    faults.on(its(ApiCall::isWrite).and(call -> lost.add(key(call))), Fault.loseAnswer());

    // When
    scenario.create();

    // Then
    scenario.awaitReady(IN_THE_END);
    scenario.assertWhole();
    assertThat(lost).anyMatch(key -> key.contains("secrets"));
    assertThat(log.stackTraces()).isEmpty();
    assertThat(calls).hasValueLessThan(300);
  }

  @Test
  void aTransitionIsToldOnceThoughTheStatusCouldNotBeWritten() throws Exception {
    // Given
    scenario.create();
    scenario.awaitReady(SOON);
    Faults.Rule failure =
        faults.on(
            its(call -> call.isOf("accesspolicies") && call.subresource().equals("status")),
            Fault.answer(409),
            3);

    // When
    client.resources(Registry.class).inNamespace(namespace).withName("main").delete();

    // Then
    await()
        .atMost(IN_THE_END)
        .until(
            () ->
                Scenario.condition(scenario.get(AccessPolicy.class, "ci"), "Ready")
                    .orElseThrow()
                    .reason()
                    .equals("RegistryMissing"));
    assertThat(failure.count()).isEqualTo(3);
    List<Event> events = client.v1().events().inNamespace(namespace).list().getItems();
    assertThat(events)
        .filteredOn(event -> event.getInvolvedObject().getKind().equals("AccessPolicy"))
        .extracting(Event::getReason)
        .containsOnlyOnce("RegistryMissing");
  }

  @Test
  void aChangeThatComesWhileTheStatusIsWrittenIsSeenSoon() throws Exception {
    // Given
    scenario.create();
    scenario.awaitReady(SOON);
    Faults.Rule slow =
        faults.on(
            its(
                call ->
                    call.isWrite()
                        && call.isOf("registries")
                        && call.subresource().equals("status")),
            Fault.delay(Duration.ofSeconds(2)),
            1);
    scenario.apply("Registry", "main", "{deletionPolicy: Delete}");
    await().atMost(SOON).until(() -> slow.count() > 0);

    // When
    scenario.apply("Registry", "main", "{authentication: {users: {secretRef: {name: later}}}}");

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(scenario.condition("Ready").orElseThrow().message()).contains("later"));
  }

  @Test
  void theStatusTellsWhatMayNotBeRead() throws Exception {
    // Given
    scenario.create();
    scenario.awaitReady(SOON);
    Faults.Rule forbidden =
        faults.on(
            its(call -> call.isOf("secrets") && call.name().equals("users")), Fault.answer(403));

    // When
    scenario.apply("Registry", "main", "{authentication: {users: {secretRef: {name: users}}}}");

    // Then
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(scenario.condition("Reconciling"))
                    .hasValueSatisfying(
                        condition -> {
                          assertThat(condition.reason()).isEqualTo("ApiFailed");
                          assertThat(condition.message()).contains("A fault that was ordered");
                        }));
    assertThat(scenario.condition("Ready").orElseThrow().reason()).isEqualTo("ApiFailed");
    assertThat(log.stackTraces()).isEmpty();

    // When
    forbidden.close();

    // Then
    await()
        .atMost(IN_THE_END)
        .until(() -> scenario.condition("Ready").orElseThrow().reason().equals("SecretMissing"));
    assertThat(scenario.condition("Reconciling")).isEmpty();
  }

  @Test
  void whatWasMissedWhileWatchesFailedIsRepairedOnceTheyAreBack() throws Exception {
    // Given
    scenario.create();
    scenario.awaitReady(SOON);
    Faults.Rule noWatches = faults.on(its(ApiCall::isWatch), Fault.answer(500));
    for (int i = 0; i < 5; i++) {
      faults.dropWatches();
      int before = noWatches.count();
      await().atMost(SOON).until(() -> noWatches.count() > before);
    }

    // When
    client.services().inNamespace(namespace).withName("main").delete();
    client.resources(AccessPolicy.class).inNamespace(namespace).withName("ci").delete();
    scenario.grant("late", "late");
    faults.forgetChanges();
    noWatches.close();

    // Then
    await()
        .atMost(IN_THE_END)
        .untilAsserted(
            () -> {
              assertThat(scenario.children()).containsKey("Service/main");
              assertThat(scenario.replica().policy().content().grants())
                  .extracting(Grant::policy)
                  .containsExactly(namespace + "/late");
            });
    assertThat(log.stackTraces()).isEmpty();
    assertThat(calls).hasValueLessThan(1000);
  }

  private static boolean isItsOwn(ApiCall call) {
    return call.userAgent().equals(RunningOperator.USER_AGENT);
  }

  private static Predicate<ApiCall> its(Predicate<ApiCall> calls) {
    return RunningOperator.itsCalls(calls);
  }

  private static String key(ApiCall call) {
    return "%s %s/%s/%s/%s "
        .formatted(call.verb(), call.resource(), call.subresource(), call.namespace(), call.name());
  }
}
