package dev.berth.registry.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteGroupTest {
  @ParameterizedTest
  @CsvSource({
    "/v2, BASE",
    "/v2/, BASE",
    "/v2/_catalog, CATALOG",
    "/v2/a/manifests/latest, MANIFESTS",
    "/v2/a/b/c/blobs/sha256:aa, BLOBS",
    "/v2/a/blobs/uploads/, UPLOADS",
    "/v2/a/blobs/uploads/123, UPLOADS",
    "/v2/a/tags/list, TAGS",
    "/v2/a/referrers/sha256:aa, REFERRERS",
    "/v2/blobs/manifests/x, MANIFESTS",
    "/v2/manifests/blobs/x, BLOBS",
    "/v2/a/unknown, OTHER",
    "/token, TOKEN",
    "/v1/policy, MANAGEMENT",
    "/v1/search, SEARCH",
    "/v1/_ping, SEARCH",
    "/health/readiness, HEALTH",
    "/metrics, METRICS",
    "/, OTHER",
    "'', OTHER",
    "/etc/passwd, OTHER",
  })
  void aPathBelongsToOneOfAFewGroups(String path, RouteGroup group) {
    assertThat(RouteGroup.of(path)).isEqualTo(group);
  }
}
