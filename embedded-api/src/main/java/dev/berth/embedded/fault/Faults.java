package dev.berth.embedded.fault;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The faults of one API: none until rules are added. The first rule that matches a call counts. */
public final class Faults {
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Consumer<ApiCall>> observers = new CopyOnWriteArrayList<>();
  private final Runnable dropWatches;
  private final Runnable forgetChanges;

  /**
   * Faults of an API.
   *
   * @param dropWatches ends every open watch
   * @param forgetChanges makes the API forget its history
   */
  public Faults(Runnable dropWatches, Runnable forgetChanges) {
    this.dropWatches = dropWatches;
    this.forgetChanges = forgetChanges;
  }

  /** From now on, what matches meets the fault, until the rule is closed. */
  public Rule on(Predicate<ApiCall> calls, Fault fault) {
    return on(calls, fault, Integer.MAX_VALUE);
  }

  /** The next so many calls that match meet the fault. */
  public Rule on(Predicate<ApiCall> calls, Fault fault, int times) {
    Rule rule = new Rule(calls, fault, times);
    rules.add(rule);
    return rule;
  }

  /** Ends every open watch; clients may open them again. */
  public void dropWatches() {
    dropWatches.run();
  }

  /** Forgets every change so far: a watch that is resumed from before now is answered 410 Gone. */
  public void forgetChanges() {
    forgetChanges.run();
  }

  /** Tells of every call before it is handled, until what is returned is closed. */
  public Observation observe(Consumer<ApiCall> observer) {
    observers.add(observer);
    return () -> observers.remove(observer);
  }

  /** Removes all rules and observers. */
  public void clear() {
    rules.clear();
    observers.clear();
  }

  /** What happens to a call that has arrived. */
  public Optional<Fault> of(ApiCall call) {
    observers.forEach(observer -> observer.accept(call));
    return rules.stream().filter(rule -> rule.takes(call)).findFirst().map(Rule::fault);
  }

  /** An end of observing. */
  public interface Observation extends AutoCloseable {
    @Override
    void close();
  }

  /** A fault for some calls. */
  public final class Rule implements AutoCloseable {
    private final Predicate<ApiCall> calls;
    private final Fault fault;
    private final int times;
    private final AtomicInteger met = new AtomicInteger();

    private Rule(Predicate<ApiCall> calls, Fault fault, int times) {
      this.calls = calls;
      this.fault = fault;
      this.times = times;
    }

    /** How many calls have met the fault. */
    public int count() {
      return Math.min(met.get(), times);
    }

    private boolean takes(ApiCall call) {
      return met.get() < times && calls.test(call) && met.incrementAndGet() <= times;
    }

    private Fault fault() {
      return fault;
    }

    /** Ends the fault. */
    @Override
    public void close() {
      rules.remove(this);
    }
  }
}
