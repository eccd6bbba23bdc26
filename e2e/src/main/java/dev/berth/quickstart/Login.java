package dev.berth.quickstart;

import dev.berth.htpasswd.Htpasswd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * The one user of the quickstart's registry, made at the first start.
 *
 * @param passwordFile where the password is, and nothing else
 */
record Login(String user, Path passwordFile) {

  private static final String USER = "berth";
  private static final String PASSWORD_FILE = "password";
  private static final int PASSWORD_BYTES = 18;
  private static final int BCRYPT_LENGTH = 60;

  static Login of(StateFolder state) {
    Path file = state.file(PASSWORD_FILE);
    if (!Files.exists(file)) {
      byte[] random = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(random);
      String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
      state.writePrivate(PASSWORD_FILE, password);
    }
    return new Login(USER, file);
  }

  String password() {
    try {
      return Files.readString(passwordFile);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + passwordFile, e);
    }
  }

  /** A line of an htpasswd file. */
  String htpasswdLine() {
    return Htpasswd.line(user, password());
  }

  /** Whether the line of an htpasswd file is this user's. */
  boolean isNamedBy(String line) {
    return line.startsWith(user + ":");
  }

  /** Whether the line is of this user and password. */
  boolean matches(String line) {
    String hash = line.substring(line.indexOf(':') + 1).strip();
    return isNamedBy(line)
        && hash.length() == BCRYPT_LENGTH
        && OpenBSDBCrypt.checkPassword(hash, password().toCharArray());
  }
}
