package dev.berth.registry.http;

import dev.berth.registry.identity.RegistryHosts;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.List;

/**
 * Answers {@code ns}, in which a client that came by a mirror names the registry it means. One of
 * this registry's names is what the answer is from, and it says so. Any other name is left alone:
 * what the repositories of a mirror hold for it is what was put into them.
 *
 * @see <a
 *     href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#registry-proxying">Registry
 *     Proxying</a>
 */
// A narrower pattern would be matched against the path of every request.
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class Namespace {
  private static final String DATA = "/v2/";
  private static final String PARAMETER = "ns";
  private static final String HEADER = "OCI-Namespace";

  private final RegistryHosts hosts;

  Namespace(RegistryHosts hosts) {
    this.hosts = hosts;
  }

  @ResponseFilter
  void answer(HttpRequest<?> request, MutableHttpResponse<?> response) {
    // Hardly any request has a query, and none should pay for looking into it.
    if (request.getUri().getRawQuery() == null || !request.getPath().startsWith(DATA)) {
      return;
    }
    List<String> asked = request.getParameters().getAll(PARAMETER);
    if (asked.size() == 1 && hosts.include(asked.getFirst())) {
      response.header(HEADER, asked.getFirst());
    }
  }
}
