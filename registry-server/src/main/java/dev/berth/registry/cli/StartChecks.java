package dev.berth.registry.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.registry.auth.SigningKey;
import dev.berth.registry.config.LoadedConfiguration;
import dev.berth.registry.config.Problems;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.identity.Htpasswd;
import dev.berth.registry.tls.ServerCertificate;
import dev.berth.registry.watch.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a configuration names must be there and usable before the server starts. */
final class StartChecks {
  /** What every SQLite file begins with; an empty file becomes one. */
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(US_ASCII);

  private final RegistryConfiguration configuration;
  private final Problems problems;

  private StartChecks(LoadedConfiguration loaded) {
    this.configuration = loaded.configuration();
    this.problems = loaded.problems();
  }

  /**
   * Looks at everything.
   *
   * @throws dev.berth.registry.config.InvalidConfigurationException with all that is wrong
   */
  static void run(LoadedConfiguration loaded) {
    new StartChecks(loaded).run();
  }

  /**
   * Looks at what is stored alone, for commands that do not listen.
   *
   * @throws dev.berth.registry.config.InvalidConfigurationException with all that is wrong
   */
  static void runForStores(LoadedConfiguration loaded) {
    StartChecks checks = new StartChecks(loaded);
    checks.stores();
    checks.problems.throwIfAny();
  }

  private void run() {
    RegistryConfiguration.Http http = configuration.http();
    tls("http.tls", http.tls());
    port("http", http.address(), http.port());
    RegistryConfiguration.Management management = configuration.management();
    if (management != null) {
      tls("management.tls", management.tls());
      port("management", management.address(), management.port());
      if (management.tokenFile() != null) {
        byte[] token = content("management.tokenFile", management.tokenFile());
        if (token != null && new String(token, UTF_8).isBlank()) {
          problems.add(
              "management.tokenFile",
              management.tokenFile() + " is empty, write a random token to it");
        }
      }
    }
    RegistryConfiguration.Authentication authentication = configuration.authentication();
    if (authentication.signingKeyFile() != null) {
      format(
          "authentication.signingKeyFile",
          List.of(authentication.signingKeyFile()),
          SigningKey::read);
    }
    if (authentication.htpasswd() != null && !authentication.htpasswd().optional()) {
      Path file = authentication.htpasswd().file();
      format("authentication.htpasswd.file", List.of(file), Htpasswd::read);
    }
    stores();
    problems.throwIfAny();
  }

  private void stores() {
    folder("storage.filesystem.path", configuration.storage().filesystem().path());
    Path database = configuration.metadata().embedded().path().toAbsolutePath();
    if (database.getParent() != null) {
      folder("metadata.embedded.path", database.getParent());
    }
    database("metadata.embedded.path", database);
  }

  private void tls(String section, RegistryConfiguration.@Nullable Tls tls) {
    if (tls != null
        && content(section + ".certificate", tls.certificate()) != null
        && content(section + ".key", tls.key()) != null) {
      format(
          section + ".certificate", List.of(tls.certificate(), tls.key()), ServerCertificate::read);
    }
  }

  private void format(String key, List<Path> files, FileFormat<?> format) {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      byte[] content = content(key, file);
      if (content == null) {
        return;
      }
      contents.add(content);
    }
    try {
      format.read(contents);
    } catch (IOException e) {
      problems.add(key, files.getFirst() + ": " + e.getMessage());
    }
  }

  private byte @Nullable [] content(String key, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(Htpasswd.MAX_FILE_BYTES);
    } catch (NoSuchFileException e) {
      problems.add(key, "there is no file " + file.toAbsolutePath());
    } catch (IOException e) {
      problems.add(key, file.toAbsolutePath() + " cannot be read: " + e.getMessage());
    }
    return null;
  }

  private void folder(String key, Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".start-", ""));
    } catch (IOException e) {
      problems.add(key, folder.toAbsolutePath() + " must be a folder that can be written to");
    }
  }

  private void database(String key, Path file) {
    if (!Files.exists(file)) {
      return;
    }
    byte[] begin = new byte[SQLITE.length];
    try (InputStream in = Files.newInputStream(file)) {
      int read = in.readNBytes(begin, 0, begin.length);
      if (read > 0 && !Arrays.equals(begin, SQLITE)) {
        problems.add(key, file + " is there and no SQLite database, name another file");
      }
    } catch (IOException e) {
      problems.add(key, file + " cannot be read: " + e.getMessage());
    }
  }

  private void port(String section, String address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (UnknownHostException e) {
      problems.add(section + ".address", "'" + address + "' is no address of this machine");
    } catch (IOException e) {
      problems.add(
          section + ".port",
          "cannot listen on "
              + address
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "), end what does or choose another port");
    }
  }
}
