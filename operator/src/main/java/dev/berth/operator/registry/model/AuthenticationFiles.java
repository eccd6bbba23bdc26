package dev.berth.operator.registry.model;

/** Where the server finds what it needs to know callers: folders, each a volume, and files. */
public final class AuthenticationFiles {
  public static final String USERS = "users";
  public static final String BIND = "ldap";
  public static final String BIND_DN = "dn";
  public static final String BIND_PASSWORD = "password";
  public static final String LDAP_AUTHORITY = "ldap-ca";

  /** In whatever key of its Secret a certificate authority is. */
  public static final String AUTHORITY = "ca.crt";

  private AuthenticationFiles() {}

  /** Folder of the authority of the issuer with this number in the configuration. */
  public static String issuerAuthority(int issuer) {
    return "oidc-ca-" + issuer;
  }
}
