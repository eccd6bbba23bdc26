package dev.berth.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.registry.config.TestConfigurations;
import io.micronaut.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegistryHostsTest {
  @ParameterizedTest
  @CsvSource({
    // tls, Host header, realm
    "true, registry.example.com, https://registry.example.com/token",
    "true, REGISTRY.example.com, https://registry.example.com/token",
    "true, registry.example.com:443, https://registry.example.com/token",
    "true, registry.example.com:80, https://registry.example.com/token",
    "true, main.registries.svc, https://main.registries.svc/token",
    "true, localhost:30500, https://localhost:30500/token",
    "true, localhost, https://registry.example.com/token",
    "true, evil.example, https://registry.example.com/token",
    "true, registry.example.com.evil.example, https://registry.example.com/token",
    "true, , https://registry.example.com/token",
    "false, main.registries.svc:80, http://main.registries.svc/token",
    "false, main.registries.svc:443, http://registry.example.com/token",
  })
  void theRealmNamesTheHostThatTheClientUsedWhereItIsTheRegistrys(
      boolean tls, @Nullable String host, String realm) {
    RegistryHosts hosts =
        new RegistryHosts(
            TestConfigurations.withHosts(
                tls, "registry.example.com", "Main.registries.svc", "localhost:30500"));

    assertThat(
            hosts.realm(
                host == null ? HttpRequest.GET("/") : HttpRequest.GET("/").header("Host", host)))
        .isEqualTo(realm);
    assertThat(hosts.canonical()).isEqualTo("registry.example.com");
  }

  @Test
  void withoutHostsTheListeningAddressIsNamedAndNotWhatTheClientSends() {
    RegistryHosts hosts = new RegistryHosts(TestConfigurations.withHosts(false));

    assertThat(hosts.realm(HttpRequest.GET("/").header("Host", "evil.example")))
        .isEqualTo("http://localhost:5000/token");
  }
}
