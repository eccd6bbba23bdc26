package dev.berth.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.policy.Retention;
import dev.berth.policy.Retention.Expire;
import dev.berth.policy.Retention.Keep;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** What holds of every plan, whatever the repository and the rules. */
class RetentionPropertiesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final List<String> GLOBS = List.of("**", "a*", "b*", "*1", "c?");

  /** A repository, rules, and what runs. */
  record World(RepositoryContent content, List<Keep> keep, List<Expire> expire, Set<Digest> runs) {

    RetentionPlan plan() {
      return RetentionPlanner.plan(
          content,
          new RetentionRules(new Retention(keep, expire, "* * * * *", true, "25%", null, null)),
          new Circumstances(NOW, NOW.minus(Duration.ofHours(6)), runs::contains));
    }

    World withKeep(Keep more) {
      List<Keep> all = new ArrayList<>(keep);
      all.add(more);
      return new World(content, all, expire, runs);
    }

    World withoutPullRules() {
      return new World(
          content,
          keep.stream().filter(rule -> rule.pulledWithinMillis() == null).toList(),
          expire,
          runs);
    }

    World running(Digest more) {
      Set<Digest> all = new HashSet<>(runs);
      all.add(more);
      return new World(content, keep, expire, all);
    }

    /** In another order of rows. */
    World shuffled(long seed) {
      List<TagCandidate> tags = new ArrayList<>(content.tags());
      List<ManifestCandidate> manifests = new ArrayList<>(content.manifests());
      Collections.shuffle(tags, new Random(seed));
      Collections.shuffle(manifests, new Random(seed));
      return new World(new RepositoryContent(tags, manifests), keep, expire, runs);
    }

    /** What is left once the victims were removed: what lost a reference thereby is noted. */
    World after(RetentionPlan plan) {
      Set<String> gone = references(plan);
      return new World(
          new RepositoryContent(
              content.tags().stream().filter(tag -> !gone.contains(tag.name())).toList(),
              content.manifests().stream()
                  .filter(manifest -> !gone.contains(manifest.digest().toString()))
                  .map(
                      manifest ->
                          plan.leaving().contains(manifest.digest())
                              ? new ManifestCandidate(
                                  manifest.digest(),
                                  manifest.pushedAt(),
                                  manifest.pulledAt(),
                                  NOW,
                                  manifest.children(),
                                  manifest.subject())
                              : manifest)
                  .toList()),
          keep,
          expire,
          runs);
    }
  }

  @Provide
  Arbitrary<World> worlds() {
    return Arbitraries.longs().map(seed -> new Maker(new Random(seed)).world());
  }

  /** Makes worlds in which much hangs on one another: indexes, signatures, several tags. */
  private static final class Maker {
    private final Random random;
    private final List<Digest> digests = new ArrayList<>();

    Maker(Random random) {
      this.random = random;
    }

    World world() {
      int size = 1 + random.nextInt(12);
      for (int i = 0; i < size; i++) {
        digests.add(Digest.of(DigestAlgorithm.SHA256, new byte[] {(byte) i}));
      }
      List<ManifestCandidate> manifests = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        if (random.nextInt(8) > 0) {
          manifests.add(manifest(i));
        }
      }
      List<TagCandidate> tags =
          manifests.isEmpty() ? List.of() : tags(manifests, random.nextInt(16));
      return new World(
          new RepositoryContent(tags, manifests),
          some(this::keep),
          some(this::expire),
          random.nextInt(3) == 0 ? Set.of(any(digests)) : Set.of());
    }

    /** Children and subjects come earlier, as hashes have it. */
    private ManifestCandidate manifest(int i) {
      List<Digest> earlier = digests.subList(0, i);
      boolean isIndex = i > 0 && random.nextInt(3) == 0;
      boolean hasSubject = i > 0 && random.nextInt(4) == 0;
      return new ManifestCandidate(
          digests.get(i),
          ago(),
          perhaps(),
          perhaps(),
          isIndex ? List.of(any(earlier), any(earlier)) : List.of(),
          hasSubject ? any(earlier) : null);
    }

    private List<TagCandidate> tags(List<ManifestCandidate> manifests, int most) {
      return IntStream.range(0, most)
          .mapToObj(
              i ->
                  new TagCandidate(
                      random.nextInt(5) == 0
                          ? "sha256-" + any(digests).hex() + ".sig"
                          : "abc".charAt(random.nextInt(3)) + Integer.toString(i % 4),
                      any(manifests).digest(),
                      ago(),
                      perhaps(),
                      random.nextInt(6) == 0))
          .collect(
              Collectors.collectingAndThen(
                  Collectors.toMap(
                      TagCandidate::name, Function.identity(), (first, second) -> first),
                  byName -> List.copyOf(byName.values())));
    }

    private Keep keep() {
      List<String> globs = List.of(any(GLOBS), any(GLOBS));
      return switch (random.nextInt(3)) {
        case 0 -> new Keep(globs, 1 + random.nextInt(4), null, false);
        case 1 -> new Keep(globs, null, Duration.ofHours(random.nextInt(48)).toMillis(), false);
        default -> new Keep(globs, null, null, true);
      };
    }

    private Expire expire() {
      long age = Duration.ofHours(random.nextInt(30)).toMillis();
      return random.nextBoolean()
          ? new Expire(List.of(any(GLOBS)), false, age)
          : new Expire(List.of(), true, age);
    }

    private <T> List<T> some(Supplier<T> maker) {
      return Stream.generate(maker).limit(random.nextInt(4)).toList();
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private Instant ago() {
      return NOW.minus(Duration.ofHours(random.nextInt(40)));
    }

    private @Nullable Instant perhaps() {
      return random.nextInt(3) == 0 ? ago() : null;
    }
  }

  @Property
  void whatIsProtectedIsNoVictim(@ForAll("worlds") World world) {
    RetentionPlan plan = world.plan();

    Statistics.label("victims").collect(plan.victims().isEmpty() ? "none" : "some");
    Protection protection = new Protection(world.content(), world.runs(), plan.leaving());
    assertThat(plan.victims()).noneMatch(protection::holds);
  }

  @Property
  void aVictimIsNamedByTheRuleThatItSays(@ForAll("worlds") World world) {
    for (Victim victim : world.plan().victims()) {
      Expire rule =
          world.expire().get(Integer.parseInt(victim.rule().replaceAll("expire\\[(\\d+)]", "$1")));
      assertThat(rule.untagged()).isEqualTo(victim.tag() == null);
      assertThat(victim.pushedAt()).isBefore(NOW.minusMillis(rule.pushedBeforeMillis()));
      assertThat(victim.reason()).contains("pushed ").endsWith(" ago");
    }
  }

  @Property
  void keepWinsOverExpire(@ForAll("worlds") World world) {
    World keepsAll = world.withKeep(new Keep(List.of("**"), null, null, true));

    assertThat(keepsAll.plan().victims()).allMatch(victim -> victim.tag() == null);
  }

  @Property
  void theLastOnesPushedStayWhateverElseIsSaid(
      @ForAll("worlds") World world, @ForAll @IntRange(min = 1, max = 5) int most) {
    RetentionPlan plan =
        world.withKeep(new Keep(List.of("a*", "b*", "c*"), most, null, false)).plan();

    Set<String> gone = references(plan);
    List<TagCandidate> ordinary =
        world.content().tags().stream().filter(tag -> !tag.name().startsWith("sha256-")).toList();
    long left = ordinary.stream().filter(tag -> !gone.contains(tag.name())).count();
    assertThat(left).isGreaterThanOrEqualTo(Math.min(most, ordinary.size()));
  }

  @Property
  void anotherKeepRuleNeverTakesMore(
      @ForAll("worlds") World world, @ForAll @IntRange(max = 30) int hours) {
    World more =
        world.withKeep(new Keep(List.of("a*"), null, Duration.ofHours(hours).toMillis(), false));

    assertThat(references(world.plan())).containsAll(references(more.plan()));
  }

  @Property
  void whatRunsNeverTakesMore(
      @ForAll("worlds") World world, @ForAll @IntRange(max = 11) int which) {
    World more = world.running(Digest.of(DigestAlgorithm.SHA256, new byte[] {(byte) which}));

    assertThat(references(world.plan())).containsAll(references(more.plan()));
  }

  @Property
  void aPlanDoesNotDependOnTheOrderOfRows(@ForAll("worlds") World world, @ForAll long seed) {
    assertThat(world.shuffled(seed).plan()).isEqualTo(world.plan());
  }

  /**
   * But for pulls: what was pulled as part of an index counts as pulled while the index is there.
   */
  @Property
  void whatWasCarriedOutLeavesNothingToDo(@ForAll("worlds") World any) {
    World world = any.withoutPullRules();

    assertThat(world.after(world.plan()).plan().victims()).isEmpty();
  }

  private static Set<String> references(RetentionPlan plan) {
    return plan.victims().stream().map(Victim::reference).collect(Collectors.toSet());
  }
}
