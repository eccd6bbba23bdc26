package dev.berth.registry.http;

import static dev.berth.registry.http.Client.descriptor;
import static dev.berth.registry.http.Client.digest;
import static dev.berth.registry.http.Client.imageOf;
import static dev.berth.registry.http.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.berth.policy.Creation;
import dev.berth.policy.DeclaredRepository;
import dev.berth.policy.PathPattern;
import dev.berth.policy.PolicyDocument;
import dev.berth.policy.PolicyDocumentFormat;
import dev.berth.policy.Visibility;
import dev.berth.registry.auth.PolicyInForce;
import dev.berth.registry.http.Client.Response;
import dev.berth.registry.oci.MediaTypes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a Repository lays down holds for everybody who may push and delete. */
class RepositoryRulesIT extends RegistryTest {
  private static final String CHART = "application/vnd.cncf.helm.config.v1+json";
  private static final String IMAGE = "application/vnd.oci.image.config.v1+json";

  @BeforeAll
  void rule() {
    registry
        .bean(PolicyInForce.class)
        .offer(
            PolicyDocumentFormat.document(
                new PolicyDocument.Content(
                    true,
                    Creation.ON_PUSH,
                    List.of(
                        repository("releases/**", List.of("v*", "release-?"), List.of()),
                        repository("releases/free", List.of(), List.of()),
                        repository("charts/**", List.of(), List.of(CHART))),
                    List.of(),
                    List.of("stable"),
                    null,
                    List.of(),
                    null),
                1));
  }

  private static DeclaredRepository repository(
      String path, List<String> immutableTags, List<String> allowedArtifactTypes) {
    return new DeclaredRepository(
        "team/" + path.substring(0, path.indexOf('/')),
        new PathPattern(path),
        Visibility.PRIVATE,
        immutableTags,
        allowedArtifactTypes,
        null,
        null);
  }

  @Test
  void anImmutableTagDoesNotMove() {
    String first = digest(client.pushImage("releases/app", "v1", "first"));

    Response moved = push("releases/app", "v1", imageOf("second"));

    assertThat(moved.status()).isEqualTo(403);
    assertThat(moved.error()).isEqualTo("DENIED");
    assertThat(moved.body())
        .asString()
        .contains("the tag v1 is immutable: immutableTags of Repository team/releases has v*");
    assertThat(client.head("/v2/releases/app/manifests/v1").header("Docker-Content-Digest"))
        .isEqualTo(first);
  }

  @Test
  void theSameContentAndOtherTagsArePushed() {
    client.pushImage("releases/same", "v1", "first");

    assertThat(push("releases/same", "v1", imageOf("first")).status()).isEqualTo(201);
    assertThat(push("releases/same", "latest", imageOf("first")).status()).isEqualTo(201);
    assertThat(push("releases/same", "latest", imageOf("second")).status()).isEqualTo(201);
    assertThat(push("releases/same", "release-10", imageOf("first")).status()).isEqualTo(201);
    assertThat(push("releases/same", "release-10", imageOf("second")).status()).isEqualTo(201);
  }

  @Test
  void aPushByDigestMovesNoneOfItsTagsIfOneIsImmutable() {
    String first = digest(client.pushImage("releases/digest", "v1", "first"));
    push("releases/digest", "latest", imageOf("first"));
    String second = imageOf("second");

    Response moved = push("releases/digest", digest(second) + "?tag=latest&tag=v1", second);

    assertThat(moved.status()).isEqualTo(403);
    assertThat(client.head("/v2/releases/digest/manifests/latest").header("Docker-Content-Digest"))
        .isEqualTo(first);
    assertThat(client.head("/v2/releases/digest/manifests/" + digest(second)).status())
        .isEqualTo(404);
  }

  @Test
  void anImmutableTagIsNotDeletedNorIsItsManifest() {
    String image = digest(client.pushImage("releases/kept", "v1", "first"));
    push("releases/kept", "latest", imageOf("first"));

    assertThat(client.delete("/v2/releases/kept/manifests/v1").status()).isEqualTo(403);
    assertThat(client.delete("/v2/releases/kept/manifests/" + image).status()).isEqualTo(403);
    assertThat(client.delete("/v2/releases/kept/manifests/latest").status()).isEqualTo(202);
    assertThat(client.delete("/v2/releases/kept/manifests/v2").status()).isEqualTo(404);
    assertThat(client.get("/v2/releases/kept/manifests/v1").status()).isEqualTo(200);
  }

  @Test
  void ofManyThatPushAnImmutableTagAtOnceOneWins() throws Exception {
    client.pushBlob("releases/race", utf8("{}"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> pushes =
          IntStream.range(0, 20)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> push("releases/race", "v1", imageOf("layer " + i)).status()))
              .toList();

      Map<Integer, Integer> statuses = new HashMap<>();
      for (Future<Integer> push : pushes) {
        statuses.merge(push.get(), 1, Integer::sum);
      }
      assertThat(statuses).containsOnly(entry(201, 1), entry(403, 19));
    }
  }

  @Test
  void theRulesOfTheMostSpecificRepositoryCount() {
    client.pushImage("releases/free", "v1", "first");

    assertThat(push("releases/free", "v1", imageOf("second")).status()).isEqualTo(201);
    assertThat(client.delete("/v2/releases/free/manifests/v1").status()).isEqualTo(202);
  }

  @Test
  void theRegistrysDefaultsCountForPathsThatNoRepositoryDeclares() {
    client.pushImage("other/app", "stable", "first");
    client.pushImage("releases/free", "stable", "first");

    Response moved = push("other/app", "stable", imageOf("second"));

    assertThat(moved.status()).isEqualTo(403);
    assertThat(moved.body()).asString().contains("immutableTags of the registry's defaults");
    assertThat(push("releases/free", "stable", imageOf("second")).status()).isEqualTo(201);
  }

  @Test
  void onlyAllowedTypesOfArtifactsArePushed() {
    client.pushBlob("charts/app", utf8("{}"));

    Response image = push("charts/app", "v1", typed(null, IMAGE));

    assertThat(image.status()).isEqualTo(403);
    assertThat(image.error()).isEqualTo("DENIED");
    assertThat(image.body())
        .asString()
        .contains(
            "artifacts of type " + IMAGE + " are not taken here",
            "allowedArtifactTypes of Repository team/charts has " + CHART);
    assertThat(client.head("/v2/charts/app/manifests/v1").status()).isEqualTo(404);
    assertThat(push("charts/app", "v1", typed(CHART, IMAGE)).status()).isEqualTo(201);
    assertThat(push("charts/app", "v2", typed(null, CHART)).status()).isEqualTo(201);
    assertThat(push("charts/app", "v3", typed(IMAGE, CHART)).status()).isEqualTo(403);
  }

  private Response push(String repository, String reference, String manifest) {
    return client.pushManifest(repository, reference, MediaTypes.OCI_MANIFEST, manifest);
  }

  private static String typed(@Nullable String artifactType, String configType) {
    return "{\"schemaVersion\":2,%s\"config\":%s,\"layers\":[]}"
        .formatted(
            artifactType == null ? "" : "\"artifactType\":\"" + artifactType + "\",",
            descriptor(configType, "{}"));
  }
}
