package dev.berth.registry.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads registry.yaml. */
public final class ConfigurationReader {
  /** Overrides the address of both ports. */
  public static final String ADDRESS_VARIABLE = "BERTH_LISTEN_ADDRESS";

  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final int MAX_NESTING = 20;
  private static final int MAX_REQUESTS = 1_000_000;
  private static final int BURST_SECONDS = 10;
  private static final int MAX_BURST = MAX_REQUESTS * BURST_SECONDS;
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\\[[0-9a-fA-F:.]{2,45}\\])(?::[0-9]{1,5})?");

  private final YamlSection root;
  private final Problems problems;
  private final Map<String, String> environment;

  private ConfigurationReader(
      @Nullable Node root, Problems problems, Map<String, String> environment) {
    this.root = new YamlSection("", root, problems);
    this.problems = problems;
    this.environment = environment;
  }

  /**
   * Reads a file.
   *
   * @param environment of the process
   * @throws InvalidConfigurationException when it is wrong in itself; whether the files and ports
   *     that it names are good is for the caller to find out
   */
  public static LoadedConfiguration read(Path file, Map<String, String> environment) {
    Problems problems = new Problems(file);
    ConfigurationReader reader =
        new ConfigurationReader(compose(file, problems), problems, environment);
    RegistryConfiguration configuration = reader.configuration();
    problems.throwIfAny();
    return new LoadedConfiguration(configuration, problems);
  }

  /** Aliases stay references in the composed tree, so that no document grows by reading it. */
  private static @Nullable Node compose(Path file, Problems problems) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_NESTING);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        problems.addAt(1, "is larger than 1 MiB, this cannot be a configuration");
      } else {
        return new Yaml(options)
            .compose(new InputStreamReader(new ByteArrayInputStream(bytes), UTF_8));
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      problems.addAt(line, "is not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      problems.addAt(1, "is not YAML: " + e.getMessage());
    } catch (IOException e) {
      throw new InvalidConfigurationException(
          List.of(
              file + ": cannot be read, name the configuration with --config FILE: " + reason(e)));
    }
    problems.throwIfAny();
    return null;
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "no such file"
        : String.valueOf(e.getMessage());
  }

  private RegistryConfiguration configuration() {
    RegistryConfiguration.Http http = http(root.section("http"));
    RegistryConfiguration configuration =
        new RegistryConfiguration(
            http,
            root.has("management") ? management(root.section("management"), http.port()) : null,
            storage(root.section("storage")),
            metadata(root.section("metadata")),
            AuthenticationReader.read(root.section("authentication")),
            root.has("policy") ? policy(root.section("policy")) : null,
            limits(root.section("limits")),
            garbageCollection(root.section("garbageCollection")),
            logging(root.section("logging")));
    root.end();
    return configuration;
  }

  private RegistryConfiguration.Http http(YamlSection section) {
    List<String> hosts = section.texts("hosts");
    for (String host : hosts) {
      if (!HOST.matcher(host).matches()) {
        problems.add(
            "http.hosts",
            "'" + host + "' must be a host name, with :port unless it is the scheme's own");
      }
    }
    RegistryConfiguration.Http http =
        new RegistryConfiguration.Http(
            address(section), section.number("port", 5000, 1, 65535), hosts, tls(section));
    section.end();
    return http;
  }

  private RegistryConfiguration.Management management(YamlSection section, int dataPort) {
    RegistryConfiguration.Management management =
        new RegistryConfiguration.Management(
            address(section),
            section.number("port", 5001, 1, 65535),
            tls(section),
            section.file("tokenFile").orElse(null));
    if (management.port() == dataPort) {
      problems.add("management.port", "is http.port too, choose another one");
    }
    if (management.tls() == null && !isLoopback(management.address())) {
      problems.add(
          "management.tls",
          "is missing: without it the management port may listen on loopback only, add certificate and key or set management.address to 127.0.0.1");
    }
    section.end();
    return management;
  }

  private String address(YamlSection section) {
    String configured = section.text("address").orElse(EVERY_ADDRESS);
    return environment.getOrDefault(ADDRESS_VARIABLE, configured);
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static RegistryConfiguration.@Nullable Tls tls(YamlSection section) {
    if (!section.has("tls")) {
      return null;
    }
    YamlSection tls = section.section("tls");
    RegistryConfiguration.Tls read =
        new RegistryConfiguration.Tls(tls.requiredFile("certificate"), tls.requiredFile("key"));
    tls.end();
    return read;
  }

  private static RegistryConfiguration.Storage storage(YamlSection section) {
    YamlSection filesystem = section.section("filesystem");
    Path path = filesystem.file("path").orElse(Path.of("data"));
    filesystem.end();
    section.end();
    return new RegistryConfiguration.Storage(new RegistryConfiguration.Filesystem(path));
  }

  private static RegistryConfiguration.Metadata metadata(YamlSection section) {
    YamlSection embedded = section.section("embedded");
    Path path = embedded.file("path").orElse(Path.of("data", "berth.db"));
    embedded.end();
    section.end();
    return new RegistryConfiguration.Metadata(new RegistryConfiguration.Embedded(path));
  }

  private static RegistryConfiguration.Policy policy(YamlSection section) {
    Path file = section.requiredFile("file");
    section.end();
    return new RegistryConfiguration.Policy(file);
  }

  private static RegistryConfiguration.Limits limits(YamlSection section) {
    RegistryConfiguration.Limits limits =
        new RegistryConfiguration.Limits(
            (int) section.bytes("manifestBytes", 4 << 20, 64 << 20),
            section.bytes("blobBytes", 100L << 30, 1L << 50),
            section.number("descriptors", 10_000, 1, 1_000_000),
            section.number("nesting", 8, 1, 100),
            section.number("pageSize", 1000, 1, 100_000),
            section.number("uploads", 1000, 1, 1_000_000),
            section.duration(
                "idleTimeout", Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofHours(1)),
            connections(section.section("connections")),
            requests(section.section("requests")),
            wrongPasswords(section.section("wrongPasswords")));
    section.end();
    return limits;
  }

  private static RegistryConfiguration.GarbageCollection garbageCollection(YamlSection section) {
    RegistryConfiguration.GarbageCollection collection =
        new RegistryConfiguration.GarbageCollection(
            section.duration(
                "gracePeriod", Duration.ofHours(24), Duration.ZERO, Duration.ofDays(365)),
            section.duration(
                "undoWindow", Duration.ofHours(24), Duration.ZERO, Duration.ofDays(365)),
            section.duration(
                "uploadExpiry", Duration.ofHours(24), Duration.ofMinutes(1), Duration.ofDays(365)),
            section.duration(
                "interval", Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofDays(1)));
    section.end();
    return collection;
  }

  private static RegistryConfiguration.Connections connections(YamlSection section) {
    RegistryConfiguration.Connections connections =
        new RegistryConfiguration.Connections(
            section.number("most", 10_000, 1, 1_000_000),
            section.number("bodies", 256, 1, 100_000),
            section.duration(
                "headerTimeout",
                Duration.ofSeconds(15),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10)),
            section.bytes("slowestBytesPerSecond", 1 << 10, 1 << 20));
    section.end();
    return connections;
  }

  private static RegistryConfiguration.Requests requests(YamlSection section) {
    int perSecond = section.number("perSecond", 0, 0, MAX_REQUESTS);
    int burst = section.number("burst", Math.max(1, perSecond * BURST_SECONDS), 1, MAX_BURST);
    if (perSecond == 0 && section.has("burst")) {
      section.refuse("burst", "means nothing without perSecond, add that or remove this");
    }
    section.end();
    return new RegistryConfiguration.Requests(perSecond, burst);
  }

  private static RegistryConfiguration.WrongPasswords wrongPasswords(YamlSection section) {
    RegistryConfiguration.WrongPasswords wrong =
        new RegistryConfiguration.WrongPasswords(
            section.number("perMinute", 20, 1, MAX_REQUESTS),
            section.number("burst", 20, 1, MAX_REQUESTS));
    section.end();
    return wrong;
  }

  private static RegistryConfiguration.Logging logging(YamlSection section) {
    RegistryConfiguration.Logging logging =
        new RegistryConfiguration.Logging(
            section.word(
                "level", RegistryConfiguration.Level.class, RegistryConfiguration.Level.INFO),
            section.word(
                "format", RegistryConfiguration.Format.class, RegistryConfiguration.Format.JSON),
            section.flag("audit", true));
    section.end();
    return logging;
  }
}
