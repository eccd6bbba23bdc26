package dev.berth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/** The certificate and the token of one running mock API, in a private folder. */
record Credentials(Path folder, Path certificate, Path key, String token) implements AutoCloseable {

  static Credentials create() {
    try {
      Path folder = Files.createTempDirectory("berth-api");
      Path certificate = folder.resolve("api.crt");
      Path key = folder.resolve("api.key");
      ServingCertificate.create(Instant.now()).write(certificate, key);
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
      return new Credentials(folder, certificate, key, token);
    } catch (IOException e) {
      throw new UncheckedIOException("No folder for the embedded API's certificate", e);
    }
  }

  String kubeconfig(int port) {
    try {
      String authority = Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
      return """
          apiVersion: v1
          kind: Config
          clusters:
          - name: berth
            cluster:
              server: https://127.0.0.1:%d
              certificate-authority-data: %s
          users:
          - name: berth-admin
            user:
              token: %s
          contexts:
          - name: berth
            context:
              cluster: berth
              user: berth-admin
              namespace: default
          current-context: berth
          """
          .formatted(port, authority, token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(certificate);
      Files.deleteIfExists(key);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Remove " + folder + " by hand", e);
    }
  }
}
