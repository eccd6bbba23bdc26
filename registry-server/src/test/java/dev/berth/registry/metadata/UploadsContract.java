package dev.berth.registry.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.metadata.RepositoryCatalog.Repository;
import dev.berth.registry.metadata.RepositoryCatalog.Usage;
import dev.berth.registry.metadata.Uploads.Ended;
import dev.berth.registry.metadata.Uploads.Receiving;
import dev.berth.registry.oci.Digest;
import dev.berth.registry.oci.DigestAlgorithm;
import dev.berth.registry.oci.RepositoryName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every metadata store must do with the sessions of uploads. */
public abstract class UploadsContract extends StoreContract {
  /** What the clock of every store says. */
  protected static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static final RepositoryName APP = new RepositoryName("team/app");
  private static final String ALICE = "user alice";
  private static final RepositoryName OTHER = new RepositoryName("team/other");
  private static final Digest LAYER =
      Digest.of(DigestAlgorithm.SHA256, "layer".getBytes(StandardCharsets.UTF_8));

  @Test
  void aSessionIsFoundInItsRepositoryAlsoAfterARestart() {
    Receiving session = begin("one", 3);
    assertThat(store.uploads().advance(session, 5)).isTrue();
    restart();

    assertThat(store.uploads().find(store.open(APP), "one"))
        .contains(new Receiving("one", session.bytes(), 5));
    assertThat(store.uploads().find(store.open(OTHER), "one")).isEmpty();
    assertThat(store.uploads().find(store.open(APP), "two")).isEmpty();
    assertThat(store.uploads().isInUse(session.bytes())).isTrue();
  }

  @Test
  void ofTwoThatBeginASessionOneIsFirst() {
    Receiving first = begin("one", 3);

    assertThat(store.uploads().begin(store.open(APP), "one", "others", 7, ALICE)).isFalse();
    assertThat(store.uploads().find(store.open(APP), "one")).contains(first);
    assertThat(store.uploads().isInUse("others")).isFalse();
  }

  @Test
  void aSessionAdvancesOnlyFromWhereItStands() {
    Receiving session = begin("one", 3);
    store.uploads().advance(session, 5);

    assertThat(store.uploads().advance(session, 9)).isFalse();
    assertThat(store.uploads().find(store.open(APP), "one"))
        .contains(new Receiving("one", session.bytes(), 5));
  }

  @Test
  void aCompletedSessionIsABlobAndHasEnded() {
    Receiving session = begin("one", 3);
    store.uploads().complete(store.open(APP), "one", LAYER, 7, Room.UNLIMITED);

    assertEnded(session);
    assertThat(store.blobs().size(APP, LAYER)).hasValue(7);
  }

  @Test
  void aSessionThatNeverBeganIsCompletedAsWell() {
    store.uploads().complete(store.open(APP), "one", LAYER, 7, Room.UNLIMITED);

    assertThat(store.uploads().find(store.open(APP), "one")).contains(new Ended());
    assertThat(store.uploads().begin(store.open(APP), "one", "late", 3, ALICE)).isFalse();
    assertThat(store.blobs().size(APP, LAYER)).hasValue(7);
  }

  @Test
  void aCancelledSessionHasEnded() {
    Receiving session = begin("one", 3);
    store.uploads().cancel(store.open(APP), "one");

    assertEnded(session);
  }

  @Test
  void anIdleSessionExpiresUnlessItGoesOn() {
    Receiving left = begin("left", 3);
    Receiving goesOn = begin("goes-on", 3);
    store.uploads().cancel(store.open(APP), "cancelled");

    assertThat(store.uploads().idle(NOW, 10)).isEmpty();
    assertThat(store.uploads().idle(NOW.plusMillis(1), 10)).containsExactlyInAnyOrder(left, goesOn);
    assertThat(store.uploads().idle(NOW.plusMillis(1), 1)).hasSize(1);
    store.uploads().advance(goesOn, 4);
    assertThat(store.uploads().expire(goesOn)).isFalse();
    assertThat(store.uploads().expire(left)).isTrue();

    assertEnded(left);
    assertThat(store.uploads().isInUse(goesOn.bytes())).isTrue();
  }

  @Test
  void sessionsThatEndedAreForgottenOnceNobodyMayAskForThem() {
    Receiving session = begin("goes-on", 3);
    store.uploads().cancel(store.open(APP), "cancelled");

    store.uploads().forgetEnded(NOW);
    assertThat(store.uploads().find(store.open(APP), "cancelled")).contains(new Ended());
    store.uploads().forgetEnded(NOW.plusMillis(1));
    assertThat(store.uploads().find(store.open(APP), "cancelled")).isEmpty();
    assertThat(store.uploads().find(store.open(APP), "goes-on")).contains(session);
  }

  @Test
  void sessionsThatReceiveAreCountedForTheirPrincipal() {
    begin("one", 3);
    begin("two", 3);
    begin("three", 3);
    store.uploads().cancel(store.open(APP), "three");
    store.uploads().complete(store.open(APP), "never-began", LAYER, 7, Room.UNLIMITED);

    assertThat(store.uploads().receiving(ALICE, 10)).isEqualTo(2);
    assertThat(store.uploads().receiving(ALICE, 1)).isEqualTo(1);
    assertThat(store.uploads().receiving("user bob", 10)).isZero();
  }

  @Test
  void theKeyOfSessionsIsMadeOnceAndKept() {
    byte[] key = store.uploads().signingKey();
    restart();

    assertThat(store.uploads().signingKey()).hasSize(32).isEqualTo(key);
  }

  @Test
  void ofManyWhoBeginASessionAtOnceOneIsFirst() throws Exception {
    Repository app = store.open(APP);

    List<Boolean> begun =
        AtOnce.all(8, i -> store.uploads().begin(app, "one", "bytes-" + i, i, ALICE));

    assertThat(begun).containsOnlyOnce(true);
    int first = begun.indexOf(true);
    assertThat(store.uploads().find(app, "one"))
        .contains(new Receiving("one", "bytes-" + first, first));
  }

  @Test
  void ofManyWhoContinueASessionAtOnceOneAdvancesIt() throws Exception {
    Receiving session = begin("one", 3);

    List<Boolean> advanced = AtOnce.all(8, i -> store.uploads().advance(session, 10 + i));

    assertThat(advanced).containsOnlyOnce(true);
    assertThat(store.uploads().find(store.open(APP), "one"))
        .contains(new Receiving("one", session.bytes(), 10 + advanced.indexOf(true)));
  }

  @Test
  void aSessionAdvancesChunkByChunk() {
    store.uploads().advance(begin("one", 3), 5);
    restart();
    Receiving later = (Receiving) store.uploads().find(store.open(APP), "one").orElseThrow();

    assertThat(store.uploads().advance(later, 9)).isTrue();

    assertThat(store.uploads().find(store.open(APP), "one"))
        .contains(new Receiving("one", later.bytes(), 9));
  }

  @Test
  void twoSessionsMayEndWithTheSameBlob() {
    begin("one", 3);
    Receiving two = begin("two", 3);

    store.uploads().complete(store.open(APP), "one", LAYER, 7, Room.UNLIMITED);
    assertThat(store.uploads().find(store.open(APP), "two")).contains(two);
    store.uploads().complete(store.open(APP), "two", LAYER, 7, Room.UNLIMITED);

    assertEnded(two);
    assertThat(store.usage()).isEqualTo(new Usage(1, 0, 0, 7, 7));
  }

  @Test
  void aSessionIsCancelledOnceAndNoOtherWithIt() {
    begin("one", 3);
    Receiving other = begin("other", 3);

    store.uploads().cancel(store.open(APP), "one");
    store.uploads().cancel(store.open(APP), "one");

    assertThat(store.uploads().find(store.open(APP), "other")).contains(other);
  }

  private void assertEnded(Receiving session) {
    assertThat(store.uploads().find(store.open(APP), session.id())).contains(new Ended());
    assertThat(store.uploads().advance(session, 9)).isFalse();
    assertThat(store.uploads().isInUse(session.bytes())).isFalse();
  }

  private Receiving begin(String id, long received) {
    String bytes = UUID.randomUUID().toString();
    assertThat(store.uploads().begin(store.open(APP), id, bytes, received, ALICE)).isTrue();
    return new Receiving(id, bytes, received);
  }
}
