package dev.berth.registry.auth;

import dev.berth.policy.PathPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values by the patterns they are for. A look-up asks one map for the path and one for each prefix
 * that ends in a slash, however many patterns there are.
 */
final class PathIndex<V> {
  private final Map<String, List<V>> exact = new HashMap<>();
  private final Map<String, List<V>> below = new HashMap<>();

  /** The least name that each pattern could match. */
  private final NavigableSet<String> starts = new TreeSet<>();

  void put(PathPattern pattern, V value) {
    String start = pattern.start();
    Map<String, List<V>> values = pattern.isExact() ? exact : below;
    values.computeIfAbsent(start, k -> new ArrayList<>(1)).add(value);
    starts.add(start);
  }

  boolean covers(String path) {
    return first(path, any -> true).isPresent();
  }

  /** The first name behind a path that is not covered at which a pattern could match again. */
  Optional<String> startAfter(String path) {
    return Optional.ofNullable(starts.higher(path));
  }

  /** The first value, in the order of how specific its pattern is, that the test accepts. */
  Optional<V> first(String path, Predicate<V> test) {
    Optional<V> found = first(exact.get(path), test);
    for (int slash = path.lastIndexOf('/', path.length() - 2);
        found.isEmpty() && slash >= 0;
        slash = path.lastIndexOf('/', slash - 1)) {
      found = first(below.get(path.substring(0, slash + 1)), test);
    }
    return found.isPresent() ? found : first(below.get(""), test);
  }

  private static <V> Optional<V> first(@Nullable List<V> values, Predicate<V> test) {
    if (values != null) {
      for (V value : values) {
        if (test.test(value)) {
          return Optional.of(value);
        }
      }
    }
    return Optional.empty();
  }
}
