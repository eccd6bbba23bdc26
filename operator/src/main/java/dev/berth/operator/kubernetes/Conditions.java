package dev.berth.operator.kubernetes;

import dev.berth.api.condition.Condition;
import dev.berth.api.condition.ConditionStatus;
import dev.berth.api.condition.ConditionType;
import dev.berth.api.condition.Reason;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The conditions of one status in the making. Each keeps the time of its last transition from the
 * status before.
 */
public final class Conditions {
  private record Decision(ConditionStatus status, Reason reason, String message) {}

  /** The schema takes no longer one, and would refuse the whole status. */
  private static final int MAX_MESSAGE = 32768;

  private final Map<ConditionType, Decision> decisions = new EnumMap<>(ConditionType.class);

  /** Those of an earlier status, to be changed. */
  public static Conditions of(List<Condition> before) {
    Conditions conditions = new Conditions();
    for (Condition old : before) {
      Optional<ConditionType> type =
          Stream.of(ConditionType.values()).filter(t -> t.value().equals(old.type())).findFirst();
      Optional<Reason> reason =
          Stream.of(Reason.values()).filter(r -> r.value().equals(old.reason())).findFirst();
      // Those that another version wrote, and this one does not know, are left out.
      if (type.isPresent() && reason.isPresent()) {
        conditions.set(type.get(), old.status(), reason.get(), old.message());
      }
    }
    return conditions;
  }

  /** Those of a status that were said of this generation of the object. */
  public static List<Condition> ofGeneration(List<Condition> before, long generation) {
    return before.stream()
        .filter(old -> Objects.equals(old.observedGeneration(), generation))
        .toList();
  }

  /** Says of the type what was said before; whether anything was. */
  public boolean keep(ConditionType type, List<Condition> before) {
    Decision old = of(before).decisions.get(type);
    if (old != null) {
      decisions.put(type, old);
    }
    return old != null;
  }

  public Conditions remove(ConditionType type) {
    decisions.remove(type);
    return this;
  }

  public Conditions set(ConditionType type, ConditionStatus status, Reason reason, String message) {
    decisions.put(type, new Decision(status, reason, message));
    return this;
  }

  public Conditions isTrue(ConditionType type, Reason reason, String message) {
    return set(type, ConditionStatus.TRUE, reason, message);
  }

  public Conditions isFalse(ConditionType type, Reason reason, String message) {
    return set(type, ConditionStatus.FALSE, reason, message);
  }

  public Conditions isUnknown(ConditionType type, Reason reason, String message) {
    return set(type, ConditionStatus.UNKNOWN, reason, message);
  }

  public boolean has(ConditionType type, ConditionStatus status) {
    Decision decision = decisions.get(type);
    return decision != null && decision.status() == status;
  }

  /** The reason and message of the first of the types that is not True. */
  public Optional<Blocker> firstNotTrue(List<ConditionType> types) {
    return types.stream()
        .filter(decisions::containsKey)
        .map(decisions::get)
        .filter(decision -> decision.status() != ConditionStatus.TRUE)
        .min(Comparator.comparing(decision -> decision.status() != ConditionStatus.FALSE))
        .map(decision -> new Blocker(decision.status(), decision.reason(), decision.message()));
  }

  /** What another condition is not True for. */
  public record Blocker(ConditionStatus status, Reason reason, String message) {}

  /** The list for the status, in the order of the types. */
  public List<Condition> merge(List<Condition> before, long generation, Clock clock) {
    List<Condition> merged = new ArrayList<>();
    decisions.forEach(
        (type, decision) -> {
          String since =
              before.stream()
                  .filter(
                      old -> old.type().equals(type.value()) && old.status() == decision.status())
                  .map(Condition::lastTransitionTime)
                  .findFirst()
                  .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
          merged.add(
              new Condition(
                  type.value(),
                  decision.status(),
                  generation,
                  since,
                  decision.reason().value(),
                  text(decision)));
        });
    return merged;
  }

  private static String text(Decision decision) {
    String remedy = decision.reason().remedy();
    String message = shortened(decision.message(), MAX_MESSAGE - remedy.length() - 2);
    if (remedy.isEmpty() || message.contains(remedy)) {
      return message;
    }
    return message.endsWith(".") ? message + " " + remedy : message + ". " + remedy;
  }

  private static String shortened(String message, int length) {
    return message.length() <= length ? message : message.substring(0, length - 3) + "...";
  }
}
