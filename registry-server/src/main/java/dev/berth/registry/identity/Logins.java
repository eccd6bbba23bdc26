package dev.berth.registry.identity;

import dev.berth.registry.oci.OciException;
import java.net.InetSocketAddress;

/** Tells whose a name and a password are. */
@FunctionalInterface
public interface Logins {

  /**
   * The caller; may block.
   *
   * @param remote where the request comes from
   * @throws InvalidCredentialException when nobody has this name and password
   * @throws OciException TOOMANYREQUESTS after too many wrong ones; UNAVAILABLE while a source
   *     cannot be asked
   */
  Caller login(InetSocketAddress remote, String name, String password)
      throws InvalidCredentialException;

  /** Whether one who was let in before is still known, as far as that costs no question. */
  default boolean isKnown(Caller caller) {
    return true;
  }
}
