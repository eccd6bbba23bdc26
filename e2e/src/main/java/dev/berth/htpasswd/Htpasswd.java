package dev.berth.htpasswd;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Writes files of htpasswd. */
public final class Htpasswd {
  private static final int SALT_BYTES = 16;
  private static final int COST = 10;

  private Htpasswd() {}

  /** A line with its end; the password is hashed with bcrypt. */
  public static String line(String user, String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    String hash =
        OpenBSDBCrypt.generate("2y", password.getBytes(StandardCharsets.UTF_8), salt, COST);
    return user + ":" + hash + "\n";
  }
}
