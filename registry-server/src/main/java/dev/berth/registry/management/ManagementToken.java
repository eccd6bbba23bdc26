package dev.berth.registry.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those who know the management token change or read what is on the management port, but
 * for health and metrics.
 */
// A narrower pattern would be matched against the path of every request.
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ManagementToken implements Ordered {
  private static final String SCHEME = "Bearer ";
  private static final int MAX_FILE_BYTES = 4096;

  private final ManagementPort port;
  private final Supplier<Optional<byte[]>> expected;

  ManagementToken(ManagementPort port, RegistryConfiguration configuration, FilePoller poller) {
    this.port = port;
    RegistryConfiguration.Management management = configuration.management();
    Path file = management == null ? null : management.tokenFile();
    if (file == null) {
      expected = Optional::empty;
    } else {
      WatchedFiles<byte[]> watched =
          poller.watch(
              new WatchedFiles<>(
                  "management token", List.of(file), MAX_FILE_BYTES, ManagementToken::read));
      expected = watched::current;
    }
  }

  private static byte[] read(List<byte[]> contents) throws IOException {
    String token = new String(contents.getFirst(), UTF_8).strip();
    if (token.isEmpty()) {
      throw new IOException("it is empty, write a random token to it");
    }
    return token.getBytes(UTF_8);
  }

  @Override
  public int getOrder() {
    return PortIsolation.ORDER + 1;
  }

  @RequestFilter
  @Nullable HttpResponse<?> check(HttpRequest<?> request) {
    return port.received(request) && !PortIsolation.isOpen(request.getPath())
        ? checkToken(request)
        : null;
  }

  private @Nullable HttpResponse<?> checkToken(HttpRequest<?> request) {
    String header = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
    Optional<byte[]> token = expected.get();
    boolean right =
        header != null
            && header.startsWith(SCHEME)
            && token.isPresent()
            && MessageDigest.isEqual(
                token.get(), header.substring(SCHEME.length()).strip().getBytes(UTF_8));
    return right
        ? null
        : HttpResponse.unauthorized()
            .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"management\"")
            .body(new Message("send the management token as Authorization: Bearer"));
  }
}
