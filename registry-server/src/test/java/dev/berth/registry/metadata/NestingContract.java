package dev.berth.registry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.Manifest;
import dev.berth.registry.oci.MediaTypes;
import dev.berth.registry.oci.OciException;
import dev.berth.registry.oci.RepositoryName;
import dev.berth.registry.oci.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Indexes nest as deep as a store is told, in whatever order they come. */
public abstract class NestingContract extends StoreContract {
  /** Manifests, the image among them. */
  protected static final int MOST = 3;

  private static final RepositoryName APP = new RepositoryName("team/app");
  private static final Tag LATEST = new Tag("latest");

  @Test
  void fromTheImageUpwards() {
    image("image");
    index("inner", "image");
    index("outer", "inner", "image");

    assertRefused("too-deep", "outer");

    index("beside", "inner");
  }

  @Test
  void fromTheTopDownwards() {
    index("outer", "inner");
    index("inner", "image");

    assertRefused("image", "too-deep");
  }

  @Test
  void fromTheMiddleToBothEnds() {
    index("middle", "lower");
    index("upper", "middle");

    assertRefused("lower", "image");
    assertRefused("top", "upper");
  }

  @Test
  void twoThatAreJoinedCountTogether() {
    index("upper", "joint");
    image("image");
    index("lower", "image");

    assertRefused("joint", "lower");
  }

  @Test
  void whatIsDeletedCountsNoMore() {
    index("outer", "inner");
    store.manifests().delete(APP, digest("outer"), _ -> false);
    image("leaf");
    index("lower", "leaf");

    index("inner", "lower");

    assertRefused("outer", "inner");
  }

  @Test
  void anotherRepositoryDoesNotCount() {
    index("outer", "inner");
    index("inner", "image");
    RepositoryName other = new RepositoryName("team/other");

    store
        .manifests()
        .put(
            store.open(other), digest("higher"), 100, indexOf("outer"), Set.of(LATEST), _ -> false);

    assertThat(store.manifests().find(other, LATEST)).isPresent();
  }

  @Test
  void aSubjectIsNoEntry() {
    Digest subject = digest("s0");
    for (int i = 1; i < 10; i++) {
      Digest referrer = digest("s" + i);
      put(
          referrer,
          new Manifest(MediaTypes.OCI_INDEX, null, subject, List.of(), Map.of()),
          Set.of());
      subject = referrer;
    }

    assertThat(store.manifests().find(APP, subject)).isPresent();
  }

  private void image(String name) {
    put(
        digest(name),
        new Manifest(MediaTypes.OCI_MANIFEST, null, null, List.of(), Map.of()),
        Set.of());
  }

  private void index(String name, String... entries) {
    put(digest(name), indexOf(entries), Set.of());
    assertThat(store.manifests().find(APP, digest(name))).isPresent();
  }

  private void assertRefused(String name, String... entries) {
    assertThatThrownBy(() -> put(digest(name), indexOf(entries), Set.of(LATEST)))
        .asInstanceOf(type(OciException.class))
        .satisfies(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.MANIFEST_INVALID);
              assertThat(refusal.getMessage()).contains("deeper than " + MOST);
            });
    assertThat(store.manifests().find(APP, digest(name))).isEmpty();
    assertThat(store.manifests().find(APP, LATEST)).isEmpty();
  }

  private void put(Digest digest, Manifest manifest, Set<Tag> tags) {
    store.manifests().put(store.open(APP), digest, 100, manifest, tags, _ -> false);
  }

  private static Manifest indexOf(String... entries) {
    return new Manifest(
        MediaTypes.OCI_INDEX,
        null,
        null,
        Arrays.stream(entries)
            .map(entry -> new Manifest.Link(Manifest.Kind.MANIFEST, digest(entry)))
            .toList(),
        Map.of());
  }

  private static Digest digest(String content) {
    return Digest.of(DigestAlgorithm.SHA256, content.getBytes(StandardCharsets.UTF_8));
  }
}
