package dev.berth.registry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.RepositoryCatalog.Usage;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every metadata store must do. */
public abstract class MetadataStoreContract extends StoreContract {
  private static final RepositoryName APP = new RepositoryName("team/app");
  private static final RepositoryName OTHER = new RepositoryName("team/other");

  private static final Digest LAYER = digest("layer");
  private static final Digest IMAGE = digest("image");

  @Test
  void aRepositoryIsMadeOnceAndKeepsItsUid() {
    assertThat(store.find(APP)).isEmpty();

    Repository made = store.open(APP);
    restart();

    assertThat(store.open(APP)).isEqualTo(made);
    assertThat(store.find(APP)).contains(made);
    assertThat(store.open(OTHER).uid()).isNotEqualTo(made.uid());
  }

  @Test
  void aBlobIsThereOnlyInTheRepositoryThatHoldsIt() {
    store.blobs().add(store.open(APP), LAYER, 7);
    store.blobs().add(store.open(APP), LAYER, 7);
    store.open(OTHER);

    assertThat(store.blobs().size(APP, LAYER)).hasValue(7);
    assertThat(store.blobs().size(OTHER, LAYER)).isEmpty();
  }

  @Test
  void aBlobIsMountedFromARepositoryThatHoldsIt() {
    store.blobs().add(store.open(APP), LAYER, 7);
    Repository other = store.open(OTHER);

    assertThat(store.blobs().mount(other, APP, digest("missing"))).isFalse();
    assertThat(store.blobs().mount(other, new RepositoryName("none"), LAYER)).isFalse();
    assertThat(store.blobs().mount(other, APP, LAYER)).isTrue();

    assertThat(store.blobs().size(OTHER, LAYER)).hasValue(7);
  }

  @Test
  void namesOfRepositoriesComeInOrderFromAnyPlace() {
    for (String name : new String[] {"b", "a/b", "a", "a-b", "a0"}) {
      store.open(new RepositoryName(name));
    }

    assertThat(store.names("", "", false, 10)).containsExactly("a", "a-b", "a/b", "a0", "b");
    assertThat(store.names("", "a-b", false, 2)).containsExactly("a/b", "a0");
    assertThat(store.names("", "a-b", true, 2)).containsExactly("a-b", "a/b");
    assertThat(store.names("", "a/", true, 1)).containsExactly("a/b");
    assertThat(store.names("", "b", false, 10)).isEmpty();
  }

  @Test
  void namesAreFoundByATextInThem() {
    for (String name : new String[] {"team/app", "app", "an-app/x", "a_p", "other", "tea"}) {
      store.open(new RepositoryName(name));
    }

    assertThat(store.names("app", "", false, 10)).containsExactly("an-app/x", "app", "team/app");
    assertThat(store.names("app", "app", false, 10)).containsExactly("team/app");
    assertThat(store.names("app", "app", true, 1)).containsExactly("app");
    assertThat(store.names("a_p", "", false, 10)).containsExactly("a_p");
    assertThat(store.names("%", "", false, 10)).isEmpty();
    assertThat(store.names("!", "", false, 10)).isEmpty();
  }

  @Test
  void theRepositoriesThatHoldABlobAreFound() {
    store.blobs().add(store.open(APP), LAYER, 7);
    store.blobs().add(store.open(OTHER), IMAGE, 7);

    assertThat(store.blobs().holders(LAYER, 10)).containsExactly(APP);
    assertThat(store.blobs().holders(digest("missing"), 10)).isEmpty();

    store.blobs().mount(store.open(OTHER), APP, LAYER);

    assertThat(store.blobs().holders(LAYER, 10)).containsExactlyInAnyOrder(APP, OTHER);
    assertThat(store.blobs().holders(LAYER, 1)).hasSize(1);
  }

  @Test
  void aBlobDeletedInOneRepositoryStaysInTheOthers() {
    store.blobs().add(store.open(APP), LAYER, 7);
    store.blobs().mount(store.open(OTHER), APP, LAYER);

    assertThat(store.blobs().remove(APP, LAYER)).isTrue();
    assertThat(store.blobs().remove(APP, LAYER)).isFalse();

    assertThat(store.blobs().size(APP, LAYER)).isEmpty();
    assertThat(store.blobs().size(OTHER, LAYER)).hasValue(7);
  }

  @Test
  void aManifestIsFoundByDigestAndTag() {
    put(IMAGE, image(null, null), "v1", "latest");
    restart();

    Manifests.Stored stored = store.manifests().find(APP, IMAGE).orElseThrow();
    assertThat(stored.mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(stored.size()).isEqualTo(100);
    assertThat(store.manifests().find(APP, new Tag("v1"))).contains(stored);
    assertThat(store.manifests().find(OTHER, IMAGE)).isEmpty();
    assertThat(store.manifests().find(APP, new Tag("v2"))).isEmpty();
  }

  @Test
  void aManifestIsNoBlobOfItsRepository() {
    put(IMAGE, image(null, null));

    assertThat(store.blobs().size(APP, IMAGE)).isEmpty();
  }

  @Test
  void aManifestIsTakenBeforeWhatItRefersToAndThatIsNamed() {
    Repository app = store.open(APP);
    Set<Tag> tags = Set.of(new Tag("v1"));

    assertThat(store.manifests().put(app, IMAGE, 100, image(null, null), tags, _ -> false))
        .containsExactly(new Manifest.Link(Manifest.Kind.LAYER, LAYER));
    assertThat(store.manifests().find(APP, new Tag("v1")).orElseThrow().digest()).isEqualTo(IMAGE);
    assertThat(store.blobs().size(APP, LAYER)).isEmpty();

    store.blobs().add(app, LAYER, 7);
    assertThat(store.manifests().put(app, IMAGE, 100, image(null, null), tags, _ -> false))
        .isEmpty();
  }

  @Test
  void anIndexNeedsItsManifestsNotBlobsOfTheSameDigest() {
    Repository app = store.open(APP);
    store.blobs().add(app, IMAGE, 100);
    Manifest index =
        new Manifest(
            MediaTypes.OCI_INDEX,
            null,
            null,
            List.of(new Manifest.Link(Manifest.Kind.MANIFEST, IMAGE)),
            Map.of());
    Digest digest = digest("index");
    assertThat(store.manifests().put(app, digest, 10, index, Set.of(), _ -> false)).isNotEmpty();

    put(IMAGE, image(null, null));
    assertThat(store.manifests().put(app, digest, 10, index, Set.of(), _ -> false)).isEmpty();
  }

  @Test
  void aTagMoves() {
    put(IMAGE, image(null, null), "v1");
    put(digest("second"), image(null, null), "v1");

    assertThat(store.manifests().find(APP, new Tag("v1")).orElseThrow().digest())
        .isEqualTo(digest("second"));
    assertThat(store.manifests().find(APP, IMAGE)).isPresent();
  }

  @Test
  void aFixedTagNeitherMovesNorGoes() {
    Predicate<Tag> fixed = new Tag("v1")::equals;
    Repository app = store.open(APP);
    put(IMAGE, image(null, null), "v1", "latest");
    put(digest("second"), image(null, null), "v2");

    assertThatThrownBy(
            () ->
                store
                    .manifests()
                    .put(app, digest("third"), 9, image(null, null), tags("latest", "v1"), fixed))
        .isInstanceOf(FixedTagException.class);
    assertThatThrownBy(() -> store.manifests().delete(APP, new Tag("v1"), fixed))
        .isInstanceOf(FixedTagException.class);
    assertThatThrownBy(() -> store.manifests().delete(APP, IMAGE, fixed))
        .isInstanceOf(FixedTagException.class);

    assertThat(store.manifests().find(APP, new Tag("v1")).orElseThrow().digest()).isEqualTo(IMAGE);
    assertThat(store.manifests().find(APP, new Tag("latest")).orElseThrow().digest())
        .isEqualTo(IMAGE);
    assertThat(store.manifests().find(APP, digest("third"))).isEmpty();
    assertThat(store.manifests().put(app, IMAGE, 100, image(null, null), tags("v1"), fixed))
        .isEmpty();
    assertThat(store.manifests().delete(APP, new Tag("latest"), fixed)).isTrue();
    assertThat(store.manifests().delete(APP, digest("second"), fixed)).isTrue();
    assertThat(store.manifests().delete(OTHER, new Tag("v1"), fixed)).isFalse();
  }

  @Test
  void aDeletedTagLeavesTheManifest() {
    put(IMAGE, image(null, null), "v1");

    assertThat(store.manifests().delete(APP, new Tag("v1"), _ -> false)).isTrue();
    assertThat(store.manifests().delete(APP, new Tag("v1"), _ -> false)).isFalse();

    assertThat(store.manifests().find(APP, IMAGE)).isPresent();
  }

  @Test
  void aDeletedManifestTakesItsTagsAlong() {
    put(IMAGE, image(null, null), "v1", "v2");
    put(digest("second"), image(null, null), "v3");

    assertThat(store.manifests().delete(APP, IMAGE, _ -> false)).isTrue();
    assertThat(store.manifests().delete(APP, IMAGE, _ -> false)).isFalse();

    assertThat(store.manifests().tags(APP, null, 10)).containsExactly("v3");
  }

  @Test
  void tagsComeInOrderPageByPage() {
    put(IMAGE, image(null, null), "b", "a", "B", "_", "a.1", "1");

    assertThat(store.manifests().tags(APP, null, 4)).containsExactly("1", "B", "_", "a");
    assertThat(store.manifests().tags(APP, "a", 4)).containsExactly("a.1", "b");
    assertThat(store.manifests().tags(APP, "Z", 1)).containsExactly("_");
    assertThat(store.manifests().tags(APP, null, 0)).isEmpty();
  }

  @Test
  void referrersAreFoundByTheirSubjectWhichNeedNotExist() {
    Digest subject = digest("subject");
    put(IMAGE, image("a/b", subject));
    put(digest("second"), image("c/d", subject));

    assertThat(store.manifests().referrers(APP, subject, null, null, 10).entries())
        .extracting(Manifests.Referrer::digest)
        .containsExactlyInAnyOrder(IMAGE, digest("second"));
    Manifests.Referrer found =
        store.manifests().referrers(APP, subject, "a/b", null, 10).entries().getFirst();
    assertThat(found.digest()).isEqualTo(IMAGE);
    assertThat(found.annotations()).containsEntry("k", "v");
    assertThat(store.manifests().referrers(OTHER, subject, null, null, 10).entries()).isEmpty();
  }

  @Test
  void aPageOfReferrersEndsWhereItsAnnotationsWouldFillTheMemory() {
    Digest subject = digest("subject");
    for (String name : new String[] {"one", "two", "three"}) {
      Map<String, String> large = Map.of("k", "x".repeat(3 << 20));
      put(digest(name), new Manifest(MediaTypes.OCI_MANIFEST, "a/b", subject, List.of(), large));
    }

    Set<Digest> seen = new HashSet<>();
    String last = null;
    for (boolean more = true; more; ) {
      Manifests.Referrers page = store.manifests().referrers(APP, subject, null, last, 10);
      assertThat(page.entries()).hasSize(1);
      seen.add(page.entries().getFirst().digest());
      last = page.entries().getFirst().digest().toString();
      more = page.more();
    }

    assertThat(seen).containsExactlyInAnyOrder(digest("one"), digest("two"), digest("three"));
  }

  @Test
  void usageCountsBytesOnceAndPerRepository() {
    put(IMAGE, image(null, null), "v1");
    store.blobs().mount(store.open(OTHER), APP, LAYER);

    assertThat(store.usage()).isEqualTo(new Usage(2, 1, 1, 107, 114));
  }

  @Test
  void manyWritersAtOnceMakeOneRepository() throws Exception {
    assertThat(new HashSet<>(AtOnce.all(50, _ -> store.open(APP)))).hasSize(1);
  }

  @Test
  void manyWhoAddTheSameBlobAtOnceAllHoldIt() throws Exception {
    AtOnce.all(
        20,
        i -> {
          store.blobs().add(store.open(new RepositoryName("team/r" + i % 5)), LAYER, 7);
          return true;
        });

    assertThat(store.blobs().holders(LAYER, 100)).hasSize(5);
    assertThat(store.usage()).isEqualTo(new Usage(5, 0, 0, 7, 35));
  }

  @Test
  void whatIsWrittenIsThereAfterARestart() {
    Digest subject = digest("subject");
    put(IMAGE, image("a/b", subject), "v1");
    store.blobs().mount(store.open(OTHER), APP, LAYER);
    put(digest("gone"), image(null, null), "v2");
    store.manifests().delete(APP, digest("gone"), _ -> false);
    restart();

    assertThat(store.blobs().size(OTHER, LAYER)).hasValue(7);
    assertThat(store.manifests().tags(APP, null, 10)).containsExactly("v1");
    assertThat(store.manifests().find(APP, digest("gone"))).isEmpty();
    assertThat(store.manifests().referrers(APP, subject, "a/b", null, 10).entries())
        .containsExactly(
            new Manifests.Referrer(
                IMAGE, MediaTypes.OCI_MANIFEST, 100, "a/b", image(null, null).annotations()));
  }

  @Test
  void nothingIsInARepositoryThatDoesNotExist() {
    RepositoryName none = new RepositoryName("none");

    assertThat(store.find(none)).isEmpty();
    assertThat(store.blobs().size(none, LAYER)).isEmpty();
    assertThat(store.blobs().remove(none, LAYER)).isFalse();
    assertThat(store.manifests().find(none, IMAGE)).isEmpty();
    assertThat(store.manifests().delete(none, IMAGE, _ -> false)).isFalse();
    assertThat(store.manifests().delete(none, new Tag("v1"), _ -> false)).isFalse();
    assertThat(store.manifests().tags(none, null, 10)).isEmpty();
    assertThat(store.manifests().referrers(none, IMAGE, null, null, 10))
        .isEqualTo(new Manifests.Referrers(List.of(), false));
    assertThat(store.names("", "", true, 10)).isEmpty();
  }

  @Test
  void aManifestThatIsPushedAgainKeepsItsTags() {
    put(IMAGE, image(null, null), "v1");
    put(IMAGE, image(null, null), "v2");
    put(IMAGE, image(null, null));

    assertThat(store.manifests().tags(APP, null, 10)).containsExactly("v1", "v2");
    assertThat(store.usage().manifests()).isEqualTo(1);
  }

  @Test
  void aManifestDeletedInOneRepositoryStaysInTheOthers() {
    put(IMAGE, image(null, null), "v1");
    store
        .manifests()
        .put(store.open(OTHER), IMAGE, 100, image(null, null), tags("v1", "v2"), _ -> false);

    store.manifests().delete(APP, IMAGE, _ -> false);

    assertThat(store.manifests().find(APP, new Tag("v1"))).isEmpty();
    assertThat(store.manifests().find(OTHER, new Tag("v1"))).isPresent();
    assertThat(store.manifests().tags(OTHER, null, 10)).containsExactly("v1", "v2");
  }

  @Test
  void whatWasReadBeforeIsReadAnewAfterAWrite() {
    Tag tag = new Tag("v1");
    put(IMAGE, image(null, null), "v1");
    assertThat(store.manifests().find(APP, tag).orElseThrow().digest()).isEqualTo(IMAGE);
    assertThat(store.manifests().find(APP, IMAGE)).isPresent();

    put(digest("second"), image(null, null), "v1");
    assertThat(store.manifests().find(APP, tag).orElseThrow().digest()).isEqualTo(digest("second"));
    store.manifests().delete(APP, tag, _ -> false);
    assertThat(store.manifests().find(APP, tag)).isEmpty();
    store.manifests().delete(APP, IMAGE, _ -> false);
    assertThat(store.manifests().find(APP, IMAGE)).isEmpty();
    put(IMAGE, image(null, null), "v1");
    assertThat(store.manifests().find(APP, tag).orElseThrow().digest()).isEqualTo(IMAGE);
    assertThat(store.manifests().find(APP, IMAGE)).isPresent();
  }

  @Test
  void ofManyWhoMoveATagAtOnceOneWinsAndAllManifestsAreThere() throws Exception {
    Repository app = store.open(APP);
    List<Digest> pushed =
        AtOnce.all(
            10,
            i -> {
              Digest digest = digest("image " + i);
              store.manifests().put(app, digest, 100, image(null, null), tags("v1"), _ -> false);
              assertThat(store.manifests().find(APP, new Tag("v1"))).isPresent();
              return digest;
            });

    Digest named = store.manifests().find(APP, new Tag("v1")).orElseThrow().digest();
    assertThat(pushed).contains(named);
    assertThat(pushed).allMatch(digest -> store.manifests().find(APP, digest).isPresent());
    restart();
    assertThat(store.manifests().find(APP, new Tag("v1")).orElseThrow().digest()).isEqualTo(named);
  }

  @Test
  void aManifestThatWasDeletedIsMissingFromItsIndexAndFromTheReferrers() {
    Digest subject = digest("subject");
    put(IMAGE, image("a/b", subject), "v1");
    store.manifests().delete(APP, IMAGE, _ -> false);

    assertThat(store.manifests().referrers(APP, subject, null, null, 10).entries()).isEmpty();
    Manifest.Link link = new Manifest.Link(Manifest.Kind.MANIFEST, IMAGE);
    Manifest index = new Manifest(MediaTypes.OCI_INDEX, null, null, List.of(link), Map.of());
    assertThat(
            store
                .manifests()
                .put(store.open(APP), digest("index"), 10, index, Set.of(), _ -> false))
        .containsExactly(link);
  }

  @Test
  void referrersComeInOrderPageByPage() {
    Digest subject = digest("subject");
    List<Digest> all =
        IntStream.range(0, 5)
            .mapToObj(i -> digest("referrer " + i))
            .sorted(Comparator.comparing(Digest::toString))
            .toList();
    for (Digest referrer : all) {
      put(referrer, image(referrer.equals(all.get(1)) ? "c/d" : "a/b", subject));
    }

    Manifests.Referrers first = store.manifests().referrers(APP, subject, null, null, 2);
    Manifests.Referrers rest =
        store.manifests().referrers(APP, subject, null, all.get(1).toString(), 3);
    Manifests.Referrers typed = store.manifests().referrers(APP, subject, "a/b", null, 2);

    assertThat(first.entries()).extracting(Manifests.Referrer::digest).isEqualTo(all.subList(0, 2));
    assertThat(first.more()).isTrue();
    assertThat(rest.entries()).extracting(Manifests.Referrer::digest).isEqualTo(all.subList(2, 5));
    assertThat(rest.more()).isFalse();
    assertThat(typed.entries())
        .extracting(Manifests.Referrer::digest)
        .containsExactly(all.get(0), all.get(2));
    assertThat(typed.more()).isTrue();
    assertThat(store.manifests().referrers(APP, subject, "x/y", null, 2))
        .isEqualTo(new Manifests.Referrers(List.of(), false));
  }

  @Test
  void wordsOfAManifestAreKeptAsTheyAre() {
    Digest subject = digest("subject");
    String odd = "'; drop table tags; -- \"\\ % _ é \u00a0 \ud83d\udc33\n";
    Map<String, String> annotations = Map.of(odd, odd, "", "");
    put(IMAGE, new Manifest(MediaTypes.OCI_MANIFEST, odd, subject, List.of(), annotations));
    restart();

    Manifests.Referrer found =
        store.manifests().referrers(APP, subject, odd, null, 1).entries().getFirst();
    assertThat(found.artifactType()).isEqualTo(odd);
    assertThat(found.annotations()).isEqualTo(annotations);
  }

  @Test
  void usageCountsNoMoreWhatWasTakenAway() {
    put(IMAGE, image(null, null), "v1", "v2");
    store.manifests().delete(APP, new Tag("v2"), _ -> false);
    assertThat(store.usage().tags()).isEqualTo(1);

    store.manifests().delete(APP, IMAGE, _ -> false);
    store.blobs().remove(APP, LAYER);

    assertThat(store.usage().tags()).isZero();
    assertThat(store.usage().manifests()).isZero();
    assertThat(store.usage().logicalBytes()).isZero();
  }

  private static Set<Tag> tags(String... names) {
    return Arrays.stream(names).map(Tag::new).collect(Collectors.toSet());
  }

  private void put(Digest digest, Manifest manifest, String... tags) {
    Repository app = store.open(APP);
    store.blobs().add(app, LAYER, 7);
    assertThat(store.manifests().put(app, digest, 100, manifest, tags(tags), _ -> false)).isEmpty();
  }

  private static Manifest image(@Nullable String artifactType, @Nullable Digest subject) {
    return new Manifest(
        MediaTypes.OCI_MANIFEST,
        artifactType,
        subject,
        List.of(new Manifest.Link(Manifest.Kind.LAYER, LAYER)),
        Map.of("k", "v"));
  }

  private static Digest digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(StandardCharsets.UTF_8));
  }
}
