package dev.berth.registry.identity;

import dev.berth.registry.oci.OciException;
import org.jspecify.annotations.Nullable;

/** One source of identities. */
interface Authenticator {

  /**
   * Whose a name and password are; may block.
   *
   * @return null where this source knows nothing of such a name, and another one may
   * @throws InvalidCredentialException where it is this source's to judge, and wrong
   * @throws OciException where it cannot be told at the moment
   */
  @Nullable Caller authenticate(String name, String password) throws InvalidCredentialException;
}
