package dev.berth.registry.http;

import static dev.berth.registry.http.Client.descriptor;
import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.registry.http.Client.NoAnswer;
import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Pushes, moves, deletes and pulls at random, and knows what must be there of it. Its tags are its
 * own, and one repository, which it deletes and restores as a whole; layers and the other
 * repositories it shares with others.
 */
final class ChaosClient implements Runnable {
  private static final List<String> SHARED = List.of("team/a", "team/b", "team/c");
  private static final int LAYERS = 24;
  private static final int TAGS = 4;
  private static final String ABSENT = "";

  /** A tag of one repository. */
  record Name(String repository, String tag) {}

  private final String self;
  private final Supplier<Client> registry;
  private final Runnable awaitServer;
  private final BooleanSupplier goesOn;
  private final Random random;

  /** Digests that a tag may name: several where an answer was lost. */
  private final Map<Name, Set<String>> tags = new LinkedHashMap<>();

  /** Manifests that never got the tag or the index they were for: nobody collects these. */
  private final Set<String> neverNamed = new HashSet<>();

  private final AtomicInteger configs = new AtomicInteger();
  private final AtomicInteger images = new AtomicInteger();
  private final AtomicInteger pulls = new AtomicInteger();
  private final AtomicInteger restored = new AtomicInteger();

  ChaosClient(
      int number,
      long seed,
      Supplier<Client> registry,
      Runnable awaitServer,
      BooleanSupplier goesOn) {
    this.self = "c" + number;
    this.registry = registry;
    this.awaitServer = awaitServer;
    this.goesOn = goesOn;
    this.random = new Random(seed + number);
  }

  @Override
  public void run() {
    while (goesOn.getAsBoolean()) {
      Name name = anyName();
      try {
        switch (random.nextInt(11)) {
          case 0, 1, 2 -> tag(name, image(name.repository));
          case 3 -> tag(name, index(name.repository));
          case 4 -> refer(name);
          case 5 -> deleteTag(name);
          case 6 -> deleteImage(name);
          case 7 -> pushForRetention(name.repository);
          case 8 -> deleteRepository();
          default -> pull(registry.get(), name);
        }
      } catch (NoAnswer _) {
        // The server was killed: whether it did what it was asked is seen with the next pull. To
        // ask
        // on would only take the time that the next one needs to start.
        awaitServer.run();
      }
    }
  }

  /** How many were taken. */
  int images() {
    return images.get();
  }

  int pulls() {
    return pulls.get();
  }

  int restored() {
    return restored.get();
  }

  Set<String> neverNamed() {
    return neverNamed;
  }

  /** Pulls each of its tags, all there is of it. */
  void pullAll(Client client) {
    tags.keySet().forEach(name -> pull(client, name));
  }

  private Name anyName() {
    return new Name(anyRepository(), "keep-" + self + "-" + random.nextInt(TAGS));
  }

  private String anyRepository() {
    int some = random.nextInt(SHARED.size() + 1);
    return some < SHARED.size() ? SHARED.get(some) : own(self);
  }

  private static String own(String client) {
    return "own/" + client;
  }

  /** Perhaps another client's own one, which is there or not. */
  private String anySource() {
    return random.nextInt(4) == 0 ? own("c" + random.nextInt(ChaosIT.CLIENTS)) : anyRepository();
  }

  private Set<String> known(Name name) {
    return tags.computeIfAbsent(name, _ -> new HashSet<>(Set.of(ABSENT)));
  }

  /** A manifest whose blobs are pushed or mounted. */
  private String image(String repository) {
    String config = "{\"author\":\"%s\",\"number\":%d}".formatted(self, configs.incrementAndGet());
    List<String> layers = new ArrayList<>();
    push(repository, config);
    for (int i = random.nextInt(3); i >= 0; i--) {
      String layer = "layer " + random.nextInt(LAYERS) + " ".repeat(random.nextInt(2) * 2000);
      push(repository, layer);
      layers.add(descriptor("application/vnd.oci.image.layer.v1.tar", layer));
    }
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
        .formatted(
            MediaTypes.OCI_MANIFEST,
            descriptor("application/vnd.oci.image.config.v1+json", config),
            String.join(",", layers));
  }

  private void push(String repository, String blob) {
    Client client = registry.get();
    if (client.head("/v2/" + repository + "/blobs/" + digest(blob)).status() == 200) {
      return;
    }
    if (random.nextBoolean()) {
      String from = "?mount=" + digest(blob) + "&from=" + anySource();
      Response mounted = client.post("/v2/" + repository + "/blobs/uploads/" + from, new byte[0]);
      assertThat(mounted.status()).isIn(201, 202);
      if (mounted.status() == 201) {
        return;
      }
    }
    Response pushed = client.pushBlob(repository, utf8(blob));
    assertThat(pushed.status())
        .as("push of a blob: %s", new String(pushed.body(), StandardCharsets.UTF_8))
        .isEqualTo(201);
  }

  private String index(String repository) {
    List<String> children = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String child = image(repository);
      neverNamed.add(digest(child));
      put(repository, digest(child), child);
      children.add(descriptor(MediaTypes.OCI_MANIFEST, child));
    }
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(MediaTypes.OCI_INDEX, String.join(",", children));
  }

  private void tag(Name name, String manifest) {
    known(name).add(digest(manifest));
    put(name.repository, name.tag, manifest);
    tags.put(name, new HashSet<>(Set.of(digest(manifest))));
    neverNamed.removeIf(manifest::contains);
  }

  /** A signature, or something like it, of what the tag names. */
  private void refer(Name name) {
    Set<String> subjects = known(name);
    if (subjects.size() != 1 || subjects.contains(ABSENT)) {
      return;
    }
    String subject = subjects.iterator().next();
    String config = "{\"of\":\"%s\",\"number\":%d}".formatted(self, configs.incrementAndGet());
    push(name.repository, config);
    String referrer =
        """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"test/signature","config":%s,"layers":[],
         "subject":{"mediaType":"%s","digest":"%s","size":1}}
        """
            .formatted(
                MediaTypes.OCI_MANIFEST,
                descriptor("application/vnd.oci.empty.v1+json", config),
                MediaTypes.OCI_MANIFEST,
                subject);
    put(name.repository, digest(referrer), referrer);
  }

  private void pushForRetention(String repository) {
    String manifest = image(repository);
    put(repository, "tmp-" + self + "-" + random.nextInt(TAGS), manifest);
  }

  private void put(String repository, String reference, String manifest) {
    String type =
        manifest.contains("\"manifests\"") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    Response answer = registry.get().pushManifest(repository, reference, type, manifest);
    assertThat(answer.status()).as("push of a manifest").isEqualTo(201);
    assertThat(answer.header("Warning")).as("what was pushed a moment ago is there").isEmpty();
    images.incrementAndGet();
  }

  private void deleteTag(Name name) {
    known(name).add(ABSENT);
    Response answer = registry.get().delete("/v2/" + name.repository + "/manifests/" + name.tag);
    assertThat(answer.status()).isIn(202, 404);
    tags.put(name, new HashSet<>(Set.of(ABSENT)));
  }

  /** With all the tags it has, which are its own: no two pushes are of one image. */
  private void deleteImage(Name name) {
    Set<String> digests = known(name);
    String victim = digests.iterator().next();
    if (victim.equals(ABSENT)) {
      return;
    }
    digests.add(ABSENT);
    Response answer = registry.get().delete("/v2/" + name.repository + "/manifests/" + victim);
    assertThat(answer.status()).isIn(202, 404);
    digests.remove(victim);
  }

  /** All of its own one, which now and then is brought back. */
  private void deleteRepository() {
    Map<Name, Set<String>> before = new LinkedHashMap<>();
    for (int i = 0; i < TAGS; i++) {
      Name name = new Name(own(self), "keep-" + self + "-" + i);
      before.put(name, new HashSet<>(known(name)));
      known(name).add(ABSENT);
    }
    Instant deleted = Instant.now();
    boolean there = chaos("delete") == 200;
    before.keySet().forEach(name -> tags.put(name, new HashSet<>(Set.of(ABSENT))));
    if (there && random.nextBoolean()) {
      before.forEach((name, digests) -> known(name).addAll(digests));
      // What went longer ago than undo reaches is gone for good.
      if (chaos("restore") == 200 && Instant.now().isBefore(deleted.plus(ChaosProcess.UNDO))) {
        before.forEach((name, digests) -> tags.put(name, new HashSet<>(digests)));
        restored.incrementAndGet();
      }
    }
  }

  private int chaos(String what) {
    return registry
        .get()
        .post("/v2/_chaos/" + what + "?repository=" + own(self), new byte[0])
        .status();
  }

  private void pull(Client client, Name name) {
    Set<String> possible = known(name);
    Response found = client.get("/v2/" + name.repository + "/manifests/" + name.tag);
    assertThat(found.status()).as("pull of %s", name).isIn(200, 404);
    String digest = found.status() == 404 ? ABSENT : found.header("Docker-Content-Digest");
    assertThat(possible).as("what %s of %s may name", name, self).contains(digest);
    possible.retainAll(Set.of(digest));
    if (found.status() == 200) {
      assertWhole(client, name.repository, found.json());
      pulls.incrementAndGet();
    }
  }

  private static void assertWhole(Client client, String repository, JsonNode manifest) {
    for (JsonNode child : manifest.path("manifests")) {
      String digest = child.path("digest").asText();
      Response found = client.get("/v2/" + repository + "/manifests/" + digest);
      assertThat(found.status()).as("child %s in %s", digest, repository).isEqualTo(200);
      assertWhole(client, repository, found.json());
    }
    List<JsonNode> blobs = new ArrayList<>();
    manifest.path("layers").forEach(blobs::add);
    if (manifest.has("config")) {
      blobs.add(manifest.path("config"));
    }
    for (JsonNode blob : blobs) {
      String digest = blob.path("digest").asText();
      Response found = client.get("/v2/" + repository + "/blobs/" + digest);
      assertThat(found.status()).as("blob %s in %s", digest, repository).isEqualTo(200);
      assertThat(digest(found.body())).isEqualTo(digest);
    }
  }
}
