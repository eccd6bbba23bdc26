package dev.berth.operator.server;

/**
 * What it takes to speak to one registry's management ports.
 *
 * @param certificate PEM of the certificate that the servers of this registry present there, and of
 *     the one before while a server may still do so
 * @param token bearer token; never logged
 */
public record ManagementAccess(String certificate, String token) {

  /** Of every pod. */
  public static final int PORT = 5001;

  @Override
  public String toString() {
    return "ManagementAccess[]";
  }
}
