package dev.berth.registry.observe;

import java.util.Locale;

/** What a path is about, without saying which repository: few enough to be a label of a metric. */
enum RouteGroup {
  BASE,
  BLOBS,
  CATALOG,
  HEALTH,
  MANAGEMENT,
  MANIFESTS,
  METRICS,
  OTHER,
  REFERRERS,
  SEARCH,
  TAGS,
  TOKEN,
  UPLOADS;

  static RouteGroup of(String path) {
    if (path.startsWith("/v2/")) {
      return ofRepository(path);
    }
    return switch (path.substring(0, Math.max(path.indexOf('/', 1), 0))) {
      case "/v1" -> path.equals("/v1/search") || path.equals("/v1/_ping") ? SEARCH : MANAGEMENT;
      case "/health" -> HEALTH;
      default ->
          switch (path) {
            case "/v2" -> BASE;
            case "/token" -> TOKEN;
            case "/metrics" -> METRICS;
            default -> OTHER;
          };
    };
  }

  /** The last word counts, since a repository may be called blobs. */
  private static RouteGroup ofRepository(String path) {
    if (path.length() == "/v2/".length()) {
      return BASE;
    }
    if (path.equals("/v2/_catalog")) {
      return CATALOG;
    }
    RouteGroup group = OTHER;
    int last = -1;
    for (RouteGroup candidate : new RouteGroup[] {UPLOADS, MANIFESTS, BLOBS, TAGS, REFERRERS}) {
      String word = candidate == UPLOADS ? "/blobs/uploads" : "/" + candidate.label();
      int at = path.lastIndexOf(word + "/");
      if (at > last) {
        group = candidate;
        last = at;
      }
    }
    return group;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
