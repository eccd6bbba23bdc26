package dev.berth.registry.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.policy.PullCredential;
import dev.berth.policy.PullSecrets;
import dev.berth.registry.config.RegistryConfiguration;
import dev.berth.registry.watch.FilePoller;
import dev.berth.registry.watch.WatchedFiles;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The credentials that AccessPolicies keep in namespaces. */
@Singleton
final class PullSecretCredentials implements Authenticator {
  private static final int MAX_FILE_BYTES = 4096;

  private final PolicyIdentities policy;
  private final Supplier<Optional<byte[]>> key;

  PullSecretCredentials(
      RegistryConfiguration configuration, FilePoller poller, PolicyIdentities policy) {
    this.policy = policy;
    Path file = configuration.authentication().pullSecretKeyFile();
    if (file == null) {
      key = Optional::empty;
    } else {
      WatchedFiles<byte[]> watched =
          poller.watch(
              new WatchedFiles<>(
                  "pull secret key", List.of(file), MAX_FILE_BYTES, PullSecretCredentials::key));
      key = watched::current;
    }
  }

  /** Reads the one file: base64 of the key. */
  static byte[] key(List<byte[]> contents) throws IOException {
    try {
      byte[] key = Base64.getDecoder().decode(new String(contents.getFirst(), UTF_8).strip());
      if (key.length >= PullCredential.KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("it must be base64, as openssl rand -base64 32 makes it", e);
    }
    throw new IOException(
        "it must be base64 of 32 bytes or more, as openssl rand -base64 32 makes it");
  }

  @Override
  public @Nullable Caller authenticate(String name, String password)
      throws InvalidCredentialException {
    Optional<PullCredential> credential = PullCredential.ofUsername(name);
    if (credential.isEmpty() || key.get().isEmpty()) {
      return null;
    }
    return policy
        .pullSecrets(credential.get().policy())
        .flatMap(secrets -> proven(credential.get(), secrets, key.get().get(), password))
        // Its namespace may have lost it.
        .filter(policy::isCurrent)
        .orElseThrow(
            () ->
                new InvalidCredentialException(
                    "the pull secret has been replaced or taken back, read it anew"));
  }

  private static Optional<Caller> proven(
      PullCredential credential, PullSecrets secrets, byte[] key, String password) {
    byte[] given = password.getBytes(UTF_8);
    return secrets.generations().stream()
        .filter(
            generation ->
                MessageDigest.isEqual(
                    credential.password(key, secrets.uid(), generation).getBytes(UTF_8), given))
        .findFirst()
        .map(generation -> Caller.pullSecret(credential, secrets.uid(), generation));
  }
}
