package dev.berth.operator.server;

import dev.berth.operator.policy.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a registry server stores, and what of it goes.
 *
 * @param collection null: the server does not say
 * @param holdings what each Repository has, by {@code namespace/name}; {@code ""} has what none
 *     declares; null: the server does not say
 */
public record ServerSpace(
    ServerUsage usage,
    @Nullable ServerCollection collection,
    @Nullable Map<String, ServerHolding> holdings) {

  /** Of the repositories that no Repository declares; null: the server does not say. */
  public @Nullable ServerHolding undeclared() {
    return holdings == null ? null : holdings.get("");
  }

  /** The same, with what was said of each Repository before where there is no more to say now. */
  ServerSpace after(@Nullable ServerSpace before) {
    Map<String, ServerHolding> old = told(before);
    if (holdings == null) {
      return this;
    }
    Map<String, ServerHolding> merged = new HashMap<>();
    holdings.forEach(
        (name, holding) ->
            merged.put(name, holding.isNews(old.get(name)) ? holding : old.get(name)));
    return new ServerSpace(usage, collection, Map.copyOf(merged));
  }

  /** The Repositories of which it says something else than an answer before. */
  Set<ObjectKey> repositoriesWithNews(@Nullable ServerSpace before) {
    Map<String, ServerHolding> old = told(before);
    return holdings == null
        ? Set.of()
        : holdings.values().stream()
            .filter(holding -> !holding.equals(old.get(holding.name())))
            .flatMap(holding -> holding.repository().stream())
            .collect(Collectors.toSet());
  }

  /** Whether it says more than an answer before. */
  boolean isNews(@Nullable ServerSpace before) {
    return before == null
        || usage.isNews(before.usage())
        || !Objects.equals(collection, before.collection())
        || !Objects.equals(retention(undeclared()), retention(before.undeclared()));
  }

  private static Map<String, ServerHolding> told(@Nullable ServerSpace before) {
    return before == null || before.holdings() == null ? Map.of() : before.holdings();
  }

  private static @Nullable ServerRetention retention(@Nullable ServerHolding holding) {
    return holding == null ? null : holding.retention();
  }
}
