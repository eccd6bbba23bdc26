package dev.berth.registry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigurationReaderTest {
  @TempDir Path folder;

  @Test
  void anEmptyFileIsARegistryThatNobodyMayUse() throws IOException {
    RegistryConfiguration read = read("{}");

    assertThat(read.http())
        .isEqualTo(new RegistryConfiguration.Http("0.0.0.0", 5000, List.of(), null));
    assertThat(read.management()).isNull();
    assertThat(read.policy()).isNull();
    assertThat(read.storage().filesystem().path()).isEqualTo(Path.of("data"));
    assertThat(read.metadata().embedded().path()).isEqualTo(Path.of("data/berth.db"));
    assertThat(read.authentication())
        .isEqualTo(
            new RegistryConfiguration.Authentication(
                null, null, null, List.of(), null, Duration.ofMinutes(5)));
    assertThat(read.limits())
        .isEqualTo(
            new RegistryConfiguration.Limits(
                4 << 20,
                100L << 30,
                10_000,
                8,
                1000,
                1000,
                Duration.ofMinutes(1),
                new RegistryConfiguration.Connections(10_000, 256, Duration.ofSeconds(15), 1024),
                new RegistryConfiguration.Requests(0, 1),
                new RegistryConfiguration.WrongPasswords(20, 20)));
    assertThat(read.logging())
        .isEqualTo(
            new RegistryConfiguration.Logging(
                RegistryConfiguration.Level.INFO, RegistryConfiguration.Format.JSON, true));
  }

  @Test
  void everyKeyIsRead() throws IOException {
    RegistryConfiguration read =
        read(
            """
            http:
              address: 127.0.0.1
              port: 443
              hosts: [main.registries.svc, "localhost:30500"]
              tls: {certificate: tls/tls.crt, key: tls/tls.key}
            management:
              port: 5001
              tls: {certificate: keys/management.crt, key: keys/management.key}
              tokenFile: keys/management.token
            storage: {filesystem: {path: blobs}}
            metadata: {embedded: {path: berth.db}}
            authentication:
              signingKeyFile: keys/signing.pem
              htpasswd: {file: users/htpasswd, optional: true}
              pullSecretKeyFile: keys/pull-secrets.key
              oidc:
                - {issuer: "https://issuer.example.com", audience: registry}
                - issuer: https://other.example.com
                  audience: registry
                  usernameClaim: email
                  groupsClaim: teams
                  requiredClaims: [{claim: owner, value: example}]
                  caFile: oidc-ca-1/ca.crt
              ldap:
                url: ldaps://ldap.example.com
                userSearchBase: ou=people
                userAttribute: sAMAccountName
                groupSearchBase: ou=groups
                bind: {dnFile: ldap/dn, passwordFile: ldap/password}
                caFile: ldap-ca/ca.crt
              tokenLifetime: 10m
            policy: {file: policy/policy.json.gz}
            limits:
              manifestBytes: 1Mi
              blobBytes: 5Gi
              descriptors: 7
              nesting: 3
              pageSize: 8
              uploads: 9
              idleTimeout: 90s
              connections: {most: 100, bodies: 20, headerTimeout: 5s, slowestBytesPerSecond: 2Ki}
              requests: {perSecond: 50, burst: 70}
              wrongPasswords: {perMinute: 30, burst: 40}
            garbageCollection: {uploadExpiry: 2h}
            logging: {level: debug, format: text, audit: false}
            """);

    assertThat(read)
        .isEqualTo(
            new RegistryConfiguration(
                new RegistryConfiguration.Http(
                    "127.0.0.1",
                    443,
                    List.of("main.registries.svc", "localhost:30500"),
                    new RegistryConfiguration.Tls(Path.of("tls/tls.crt"), Path.of("tls/tls.key"))),
                new RegistryConfiguration.Management(
                    "0.0.0.0",
                    5001,
                    new RegistryConfiguration.Tls(
                        Path.of("keys/management.crt"), Path.of("keys/management.key")),
                    Path.of("keys/management.token")),
                new RegistryConfiguration.Storage(
                    new RegistryConfiguration.Filesystem(Path.of("blobs"))),
                new RegistryConfiguration.Metadata(
                    new RegistryConfiguration.Embedded(Path.of("berth.db"))),
                new RegistryConfiguration.Authentication(
                    Path.of("keys/signing.pem"),
                    new RegistryConfiguration.Htpasswd(Path.of("users/htpasswd"), true),
                    Path.of("keys/pull-secrets.key"),
                    List.of(
                        new RegistryConfiguration.Oidc(
                            "https://issuer.example.com",
                            "registry",
                            "sub",
                            "groups",
                            List.of(),
                            null),
                        new RegistryConfiguration.Oidc(
                            "https://other.example.com",
                            "registry",
                            "email",
                            "teams",
                            List.of(new RegistryConfiguration.RequiredClaim("owner", "example")),
                            Path.of("oidc-ca-1/ca.crt"))),
                    new RegistryConfiguration.Ldap(
                        "ldaps://ldap.example.com",
                        "ou=people",
                        "sAMAccountName",
                        "ou=groups",
                        new RegistryConfiguration.Bind(
                            Path.of("ldap/dn"), Path.of("ldap/password")),
                        Path.of("ldap-ca/ca.crt")),
                    Duration.ofMinutes(10)),
                new RegistryConfiguration.Policy(Path.of("policy/policy.json.gz")),
                new RegistryConfiguration.Limits(
                    1 << 20,
                    5L << 30,
                    7,
                    3,
                    8,
                    9,
                    Duration.ofSeconds(90),
                    new RegistryConfiguration.Connections(100, 20, Duration.ofSeconds(5), 2048),
                    new RegistryConfiguration.Requests(50, 70),
                    new RegistryConfiguration.WrongPasswords(30, 40)),
                new RegistryConfiguration.GarbageCollection(
                    Duration.ofHours(24),
                    Duration.ofHours(24),
                    Duration.ofHours(2),
                    Duration.ofMinutes(1)),
                new RegistryConfiguration.Logging(
                    RegistryConfiguration.Level.DEBUG, RegistryConfiguration.Format.TEXT, false)));
  }

  @Test
  void theEnvironmentOverridesTheAddressOfBothPorts() throws IOException {
    Path file = write("http: {address: 10.0.0.1}\nmanagement: {port: 5001}\n");

    RegistryConfiguration read =
        ConfigurationReader.read(file, Map.of("BERTH_LISTEN_ADDRESS", "127.0.0.1")).configuration();

    assertThat(read.http().address()).isEqualTo("127.0.0.1");
    assertThat(read.management())
        .isNotNull()
        .extracting(RegistryConfiguration.Management::address)
        .isEqualTo("127.0.0.1");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            "http:\n  prot: 5000\n", ":2: http.prot: is not a key", "did you mean http.port?"),
        arguments("\nstorag: {}\n", ":2: storag: is not a key", "did you mean storage?"),
        arguments(
            "zebra: {}\n",
            ":1: zebra: is not a key",
            "known here: authentication, garbageCollection, http"),
        arguments(
            "http: {port: high}\n", ":1: http.port: must be a whole number from 1 to 65535", ""),
        arguments(
            "http: {port: '5000'}\n", ":1: http.port: must be a whole number", "without quotes"),
        arguments("http: {port: 70000}\n", ":1: http.port: must be a whole number", "65535"),
        arguments("http: {port: 0}\n", ":1: http.port: must be a whole number", ""),
        arguments(
            "limits:\n  requests: {perSecond: -1}\n",
            ":2: limits.requests.perSecond: must be a whole number from 0",
            ""),
        arguments(
            "limits:\n  requests:\n    burst: 5\n",
            ":3: limits.requests.burst: means nothing without perSecond",
            ""),
        arguments(
            "limits: {nesting: 0}\n", ":1: limits.nesting: must be a whole number from 1", ""),
        arguments(
            "limits:\n  connections:\n    most: none\n",
            ":3: limits.connections.most: must be a whole number",
            ""),
        arguments(
            "limits:\n  connections:\n    headerTimeout: 15\n",
            ":3: limits.connections.headerTimeout: must be a duration from 1s",
            ""),
        arguments(
            "limits:\n  connections:\n    slowestBytesPerSecond: slow\n",
            ":3: limits.connections.slowestBytesPerSecond: must be a number of bytes",
            ""),
        arguments(
            "limits: {connections: {max: 1}}\n",
            ":1: limits.connections.max: is not a key",
            "known here: bodies, headerTimeout, most"),
        arguments("http: 5000\n", ":1: http: must be a mapping", ""),
        arguments("- http\n", ":1: the file: must be a mapping", ""),
        arguments("http:\n  hosts: main\n", ":2: http.hosts: must be a list", ""),
        arguments(
            "http:\n  hosts:\n  - a\n  - [b]\n", ":4: http.hosts: every item must be text", ""),
        arguments(
            "http: {hosts: ['https://a']}\n",
            ":1: http.hosts: 'https://a' must be a host name",
            ""),
        arguments("http:\n  tls:\n    certificate: a\n", ":2: http.tls.key: is missing", ""),
        arguments("http:\n  tls:\n", ":2: http.tls: has no value", "remove the key"),
        arguments("http: {}\nhttp: {}\n", ":2: http: is there twice", ""),
        arguments(
            "management: {port: 5000, address: 127.0.0.1}\n",
            ":1: management.port: is http.port too",
            ""),
        arguments(
            "management:\n  port: 5001\n",
            ":1: management.tls: is missing",
            "set management.address to 127.0.0.1"),
        arguments(
            "authentication: {htpasswd: {}}\n", ":1: authentication.htpasswd.file: is missing", ""),
        arguments(
            "authentication: {htpasswd: {file: a, optional: maybe}}\n",
            ":1: authentication.htpasswd.optional: must be true or false",
            ""),
        arguments(
            "authentication: {tokenLifetime: 5 minutes}\n",
            ":1: authentication.tokenLifetime: must be a duration",
            "5m"),
        arguments(
            "authentication: {tokenLifetime: 2h}\n",
            ":1: authentication.tokenLifetime: must be a duration",
            "3600s"),
        arguments(
            "authentication: {oidc: [{audience: a}]}\n",
            ":1: authentication.oidc[0].issuer: is missing",
            ""),
        arguments(
            "authentication: {oidc: [{issuer: \"http://issuer.example.com\", audience: a}]}\n",
            ":1: authentication.oidc[0].issuer: must be an https URL",
            ""),
        arguments(
            "authentication: {oidc: [{issuer: \"https://i\", audience: a}, {issuer: \"https://i\", audience: b}]}\n",
            ":1: authentication.oidc[1].issuer: is there twice",
            ""),
        arguments(
            "authentication: {ldap: {url: \"http://l\", userSearchBase: b}}\n",
            ":1: authentication.ldap.url: must be ldaps://HOST",
            ""),
        arguments(
            "authentication: {ldap: {url: \"ldaps://l\", userSearchBase: b, bind: {dnFile: d}}}\n",
            ":1: authentication.ldap.bind.passwordFile: is missing",
            ""),
        arguments("policy: {}\n", ":1: policy.file: is missing", ""),
        arguments(
            "limits: {blobBytes: big}\n", ":1: limits.blobBytes: must be a number of bytes", ""),
        arguments(
            "limits: {blobBytes: 999999999999999Ti}\n",
            ":1: limits.blobBytes: must be a number of bytes",
            ""),
        arguments(
            "logging: {level: loud}\n", ":1: logging.level: must be one of error, warn, info", ""),
        arguments("http:\n\tport: 1\n", ":2: is not YAML", ""),
        arguments("http: {port: 1\n", "is not YAML", ""),
        arguments("a: 1\n---\nb: 2\n", "is not YAML", "another document"),
        arguments("http: \"a\\0b\"\n", ":1: http: must be a mapping", ""),
        arguments(
            "storage: {filesystem: {path: \"a\\0b\"}}\n",
            ":1: storage.filesystem.path: is no path",
            ""));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedWithItsLineAndRemedy(String yaml, String said, String remedy) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("registry.yaml:")
        .hasMessageContaining(said)
        .hasMessageContaining(remedy);
  }

  @Test
  void allMistakesAreNamedAtOnce() {
    assertThatThrownBy(() -> read("http: {port: x}\nlogging: {format: xml}\nfoo: 1\n"))
        .asInstanceOf(type(InvalidConfigurationException.class))
        .satisfies(e -> assertThat(e.problems()).hasSize(3));
  }

  @Test
  void aliasesThatWouldUnfoldToBillionsAreRefused() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 15; i++) {
      yaml.append(
          "a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d]\n".formatted(i, i - 1));
    }
    yaml.append("http: {hosts: *a14}\n");

    assertThatThrownBy(() -> read(yaml.toString()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("is not YAML: Number of aliases");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> read("a: " + "[".repeat(5000) + "]".repeat(5000)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("is not YAML");
  }

  @Test
  void anEndlessFileIsNotRead() {
    assertThatThrownBy(() -> read("#".repeat((1 << 20) + 1)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("larger than 1 MiB");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    Path file = folder.resolve("registry.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', 1, 2, 3});

    assertThatThrownBy(() -> ConfigurationReader.read(file, Map.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("is not YAML");
  }

  @Test
  void aMissingFileSaysHowToNameOne() {
    Path missing = folder.resolve("nowhere.yaml");

    assertThatThrownBy(() -> ConfigurationReader.read(missing, Map.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("nowhere.yaml: cannot be read")
        .hasMessageContaining("--config FILE")
        .hasMessageContaining("no such file");
  }

  private RegistryConfiguration read(String yaml) throws IOException {
    return ConfigurationReader.read(write(yaml), Map.of()).configuration();
  }

  private Path write(String yaml) throws IOException {
    return Files.write(folder.resolve("registry.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
  }
}
