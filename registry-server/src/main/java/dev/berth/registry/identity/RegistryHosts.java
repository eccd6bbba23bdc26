package dev.berth.registry.identity;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.berth.registry.config.RegistryConfiguration;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The names of this registry. Nothing that a client sends as host is ever answered unless it is
 * one.
 */
@Singleton
public final class RegistryHosts {
  private final String scheme;
  private final String defaultPort;
  private final String canonical;
  private final List<String> names;

  public RegistryHosts(RegistryConfiguration configuration) {
    RegistryConfiguration.Http http = configuration.http();
    this.scheme = http.tls() == null ? "http" : "https";
    this.defaultPort = http.tls() == null ? ":80" : ":443";
    this.canonical =
        http.hosts().isEmpty() ? listening(http.address(), http.port()) : http.hosts().getFirst();
    this.names = http.hosts().stream().map(this::normal).toList();
  }

  /** What tokens are issued by and for. */
  public String canonical() {
    return canonical;
  }

  /** Where a client gets a token, by the name that it reached the registry with, if it is one. */
  public String realm(HttpRequest<?> request) {
    String asked = request.getHeaders().get(HttpHeaders.HOST);
    boolean known = asked != null && include(asked);
    return scheme + "://" + (known ? normal(asked) : canonical) + "/token";
  }

  /** Whether this is one of the names, with the scheme's own port or without it. */
  public boolean include(String host) {
    return names.contains(normal(host));
  }

  /**
   * The addresses of this registry, each of which may stand as audience in a token that is made for
   * it. With both schemes: what is in front of the registry may have another one.
   */
  Set<String> urls() {
    List<String> all = names.isEmpty() ? List.of(canonical) : names;
    return all.stream()
        // A name of one word is that of many registries.
        .filter(name -> name.contains(".") || name.contains(":"))
        .flatMap(
            name ->
                Stream.of(
                    "https://" + name,
                    "http://" + name,
                    "https://" + name + ":443",
                    "http://" + name + ":80"))
        .collect(toUnmodifiableSet());
  }

  /** The address where the data port can be reached from this machine. */
  public String url() {
    return scheme + "://" + canonical;
  }

  private String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(defaultPort)
        ? lower.substring(0, lower.length() - defaultPort.length())
        : lower;
  }

  private static String listening(String address, int port) {
    boolean every = address.equals("0.0.0.0") || address.equals("::");
    String host = every ? "localhost" : address.contains(":") ? "[" + address + "]" : address;
    return host + ":" + port;
  }
}
