package dev.berth.registry.management;

import dev.berth.registry.adopt.AdoptionAtStart;
import dev.berth.registry.oci.ErrorCode;
import dev.berth.registry.oci.OciException;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows each port only its own paths: one router serves both. It allows rather than forbids, so
 * that a path nobody thought of is on neither.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class PortIsolation implements Ordered {
  /** After the request got its id and before anything else sees it. */
  static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 200;

  /** Docker's first API has its search below /v1, and management everything else there. */
  private static final List<String> DATA = List.of("/v2", "/token", "/v1/search", "/v1/_ping");

  private static final List<String> MANAGEMENT =
      List.of(
          "/v1/policy",
          "/v1/usage",
          "/v1/certificate",
          "/v1/garbage-collection",
          "/v1/import",
          "/v1/removed",
          "/v1/declared",
          "/v1/repositories",
          "/v1/canary");

  /** On the management port too, and for everybody who reaches it. */
  private static final List<String> OPEN = List.of("/health", "/metrics");

  private static final int ADOPTION_SECONDS = 10;

  private final ManagementPort managementPort;
  private final AdoptionAtStart adoption;

  PortIsolation(ManagementPort managementPort, AdoptionAtStart adoption) {
    this.managementPort = managementPort;
    this.adoption = adoption;
  }

  @Override
  public int getOrder() {
    return ORDER;
  }

  @RequestFilter
  @Nullable HttpResponse<?> isolate(HttpRequest<?> request) {
    boolean management = managementPort.received(request);
    String path = request.getPath();
    boolean allowed = management ? isBelow(MANAGEMENT, path) || isOpen(path) : isBelow(DATA, path);
    if (!management && adoption.isRunning()) {
      // Nobody shall take what is not there yet for something that is gone.
      throw OciException.busy(
          "the registry takes over the images of another one and serves none before it has all",
          ADOPTION_SECONDS);
    }
    if (allowed) {
      return null;
    }
    if (management) {
      return HttpResponse.notFound(new Message("there is nothing under this path"));
    }
    throw new OciException(ErrorCode.NAME_UNKNOWN, "there is nothing under this path");
  }

  /** Whether a path of the management port needs no token. */
  static boolean isOpen(String path) {
    return isBelow(OPEN, path);
  }

  private static boolean isBelow(List<String> roots, String path) {
    for (String root : roots) {
      if (path.startsWith(root)
          && (path.length() == root.length() || path.charAt(root.length()) == '/')) {
        return true;
      }
    }
    return false;
  }
}
