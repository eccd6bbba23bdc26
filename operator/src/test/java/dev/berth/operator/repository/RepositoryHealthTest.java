package dev.berth.operator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import dev.berth.api.v1alpha1.repository.Repository;
import dev.berth.operator.argocd.HealthExamples;
import dev.berth.operator.argocd.HealthExamples.Example;
import dev.berth.operator.policy.Verdict;
import dev.berth.operator.server.ServerHolding;
import dev.berth.operator.server.ServerRetention;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Argo CD's health of a Repository in every state that its status can tell of. */
@NullUnmarked // a null is a failed test
class RepositoryHealthTest {
  private static final RepositoryStatusFactory STATUSES =
      new RepositoryStatusFactory(
          Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC));
  private static final HealthExamples ALL = new HealthExamples("Repository", examples());

  @ParameterizedTest
  @MethodSource("examples")
  void everyStateHasItsHealth(Example example) throws IOException {
    ALL.verify(example);
  }

  @Test
  void theExpectationsNameEveryFile() throws IOException {
    ALL.verifyFolder();
  }

  @Test
  void everyReasonAndConditionOfARepositoryIsThere() {
    assertThat(EnumSet.complementOf(EnumSet.copyOf(ALL.unusedReasons())))
        .containsExactlyInAnyOrder(
            Reason.READY,
            Reason.PENDING,
            Reason.PAUSED,
            Reason.NOT_YET_SUPPORTED,
            Reason.CONFLICT,
            Reason.API_FAILED,
            Reason.APPLIED,
            Reason.DRY_RUN,
            Reason.TOO_MANY_DELETIONS,
            Reason.IMAGES_IN_USE,
            Reason.IMAGES_REMAIN,
            Reason.IMAGES_KEPT,
            Reason.INVALID_SPEC,
            Reason.ACCEPTED,
            Reason.REGISTRY_MISSING,
            Reason.NOT_ALLOWED);
    assertThat(EnumSet.complementOf(EnumSet.copyOf(ALL.unusedTypes())))
        .containsExactlyInAnyOrder(
            ConditionType.READY,
            ConditionType.ACCEPTED,
            ConditionType.RETENTION_APPLIED,
            ConditionType.SUPPORTED,
            ConditionType.PAUSED,
            ConditionType.RECONCILING,
            ConditionType.STALLED);
  }

  static List<Example> examples() {
    Repository changed = judged("", Reason.ACCEPTED, "The Repository counts for team-a/**");
    changed.getMetadata().setGeneration(3L);
    Repository paused = judged("", Reason.ACCEPTED, "The Repository counts for team-a/**");
    paused.getMetadata().setAnnotations(Map.of("berth.dev/paused", "true"));
    paused.setStatus(STATUSES.paused(paused));
    Repository waiting = repository("");
    waiting.setStatus(STATUSES.judged(waiting, Optional.empty(), Optional.empty()));
    Repository alone = repository("");
    alone.setStatus(STATUSES.withoutRegistry(alone, "registries/main"));
    return List.of(
        new Example(
            "images-remain",
            "Progressing",
            held(Reason.IMAGES_REMAIN, "No replica of Registry registries/main could be asked")),
        new Example(
            "images-kept",
            "Progressing",
            held(
                Reason.IMAGES_KEPT,
                "Repository web/all, whose path ** covers team-a/**, is being deleted with its"
                    + " images")),
        new Example(
            "images-in-use",
            "Progressing",
            held(Reason.IMAGES_IN_USE, "A pod runs an image of this Repository: web/app-0")),
        new Example(
            "images-unknown",
            "Progressing",
            held(
                Reason.API_FAILED,
                "The images stay until the operator sees whether pods run them: it said no")),
        new Example("no-status", "Progressing", repository("")),
        new Example("newer-spec", "Progressing", changed),
        new Example("not-judged", "Progressing", waiting),
        new Example(
            "ready", "Healthy", judged("", Reason.ACCEPTED, "The Repository counts for team-a/**")),
        new Example(
            "ready-but-for-a-field",
            "Healthy",
            judged(
                ", promotion: {from: team-b/app, tags: [v1]}",
                Reason.ACCEPTED,
                "The Repository counts for team-a/**")),
        new Example("ready-with-rules", "Healthy", withRules("Enforce", false)),
        new Example("ready-with-rules-on-trial", "Healthy", withRules("DryRun", false)),
        new Example("ready-with-rules-that-wait", "Healthy", withRules("Enforce", true)),
        new Example("paused", "Suspended", paused),
        new Example("registry-missing", "Degraded", alone),
        new Example(
            "not-allowed",
            "Degraded",
            judged(
                "",
                Reason.NOT_ALLOWED,
                "spec.path team-a/**: the Registry gives namespace team-b only team-b/**")),
        new Example(
            "spec-invalid",
            "Degraded",
            judged(
                "",
                Reason.INVALID_SPEC,
                "spec.quota.storage is no number of bytes such as 50Gi; the rest of the Repository"
                    + " counts")),
        new Example(
            "conflict",
            "Degraded",
            judged(
                "",
                Reason.CONFLICT,
                "spec.path team-a/**: the older Repository team-a/first has the same path")));
  }

  private static Repository held(Reason reason, String message) {
    Repository repository = judged("", Reason.ACCEPTED, "The Repository counts for team-a/**");
    repository.getMetadata().setDeletionTimestamp("2026-06-01T00:00:00Z");
    repository.setStatus(STATUSES.held(repository, reason, message));
    return repository;
  }

  private static Repository judged(String more, Reason reason, String message) {
    Repository repository = repository(more);
    return judged(repository, new Verdict(2, reason, message), Optional.empty());
  }

  private static Repository judged(
      Repository repository, Verdict verdict, Optional<ServerHolding> holding) {
    repository.setStatus(STATUSES.judged(repository, Optional.of(verdict), holding));
    return repository;
  }

  private static Repository withRules(String mode, boolean held) {
    ServerRetention.Preview preview =
        new ServerRetention.Preview("2026-06-01T00:00:00Z", 40, 2, 104_857_600, List.of());
    return judged(
        repository(", retention: {mode: %s}".formatted(mode)),
        new Verdict(2, Reason.ACCEPTED, "The Repository counts for team-a/**"),
        Optional.of(
            new ServerHolding(
                "team-b/team-a",
                1,
                88,
                90,
                209_715_200,
                104_857_600,
                "2026-05-31T00:00:00Z",
                null,
                new ServerRetention(
                    null, "5b1c", null, 0, held, false, held ? "it waits" : null, preview))));
  }

  private static Repository repository(String more) {
    return Serialization.unmarshal(
        """
        apiVersion: berth.dev/v1alpha1
        kind: Repository
        metadata: {name: team-a, namespace: team-b, generation: 2}
        spec: {registryRef: {name: main, namespace: registries}, path: team-a/**%s}
        """
            .formatted(more),
        Repository.class);
  }
}
