package dev.berth.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.PathPattern;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The index finds what asking every pattern in turn would find. */
final class PathIndexTest {

  @Property
  void findsTheMostSpecificPatternThatMatches(
      @ForAll("patterns") List<PathPattern> patterns, @ForAll("paths") String path) {
    PathIndex<PathPattern> index = new PathIndex<>();
    patterns.forEach(pattern -> index.put(pattern, pattern));

    Optional<PathPattern> found = index.first(path, any -> true);

    assertThat(found)
        .isEqualTo(
            patterns.stream()
                .filter(pattern -> pattern.matches(path))
                .min(PathPattern.MOST_SPECIFIC_FIRST));
  }

  @Property
  void findsAnyPatternThatMatchesWhenTheTestWantsThatOne(
      @ForAll("patterns") List<PathPattern> patterns, @ForAll("paths") String path) {
    PathIndex<PathPattern> index = new PathIndex<>();
    patterns.forEach(pattern -> index.put(pattern, pattern));

    assertThat(patterns)
        .allSatisfy(
            wanted ->
                assertThat(index.first(path, wanted::equals).isPresent())
                    .isEqualTo(wanted.matches(path)));
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of("a", "b", "ab")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(parts -> String.join("/", parts));
  }

  @Provide
  Arbitrary<List<PathPattern>> patterns() {
    return Arbitraries.oneOf(
            paths(), paths().map(path -> path + "/**"), Arbitraries.of("**", "a/**"))
        .map(PathPattern::new)
        .list()
        .ofMaxSize(20);
  }
}
