package dev.berth.registry.identity;

import com.nimbusds.jwt.SignedJWT;
import dev.berth.registry.oci.OciException;

/** The callers that the tokens of some issuers name. */
interface TokenIdentities {

  boolean isOf(String issuer);

  /**
   * Whose token it is.
   *
   * @throws InvalidCredentialException when it is not good
   * @throws OciException UNAVAILABLE when that cannot be told at the moment
   */
  Caller caller(SignedJWT token, String issuer) throws InvalidCredentialException;
}
