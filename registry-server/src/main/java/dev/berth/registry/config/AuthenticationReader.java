package dev.berth.registry.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the section of registry.yaml that says how callers prove who they are. */
final class AuthenticationReader {
  private AuthenticationReader() {}

  static RegistryConfiguration.Authentication read(YamlSection section) {
    RegistryConfiguration.Authentication authentication =
        new RegistryConfiguration.Authentication(
            section.file("signingKeyFile").orElse(null),
            section.has("htpasswd") ? htpasswd(section.section("htpasswd")) : null,
            section.file("pullSecretKeyFile").orElse(null),
            oidc(section),
            section.has("ldap") ? ldap(section.section("ldap")) : null,
            section.duration(
                "tokenLifetime",
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofHours(1)));
    section.end();
    return authentication;
  }

  private static RegistryConfiguration.Htpasswd htpasswd(YamlSection section) {
    RegistryConfiguration.Htpasswd users =
        new RegistryConfiguration.Htpasswd(
            section.requiredFile("file"), section.flag("optional", false));
    section.end();
    return users;
  }

  private static List<RegistryConfiguration.Oidc> oidc(YamlSection section) {
    List<RegistryConfiguration.Oidc> issuers = new ArrayList<>();
    for (YamlSection issuer : section.sections("oidc")) {
      String url = issuer.required("issuer");
      if (!url.isEmpty() && !isSafe(url)) {
        issuer.refuse("issuer", "must be an https URL, or one of this machine");
      }
      if (issuers.stream().anyMatch(other -> other.issuer().equals(url))) {
        issuer.refuse("issuer", "is there twice, remove one of them");
      }
      issuers.add(
          new RegistryConfiguration.Oidc(
              url,
              issuer.required("audience"),
              issuer.text("usernameClaim").orElse("sub"),
              issuer.text("groupsClaim").orElse("groups"),
              requiredClaims(issuer),
              issuer.file("caFile").orElse(null)));
      issuer.end();
    }
    return List.copyOf(issuers);
  }

  private static List<RegistryConfiguration.RequiredClaim> requiredClaims(YamlSection issuer) {
    List<RegistryConfiguration.RequiredClaim> required = new ArrayList<>();
    for (YamlSection claim : issuer.sections("requiredClaims")) {
      required.add(
          new RegistryConfiguration.RequiredClaim(
              claim.required("claim"), claim.required("value")));
      claim.end();
    }
    return List.copyOf(required);
  }

  /** Keys that come unencrypted are anybody's. */
  private static boolean isSafe(String url) {
    // One that is no URL cannot be asked, and costs its own users alone.
    if (url.startsWith("https://")) {
      return true;
    }
    try {
      URI uri = URI.create(url);
      return "http".equals(uri.getScheme())
          && uri.getHost() != null
          && InetAddress.getByName(uri.getHost()).isLoopbackAddress();
    } catch (IllegalArgumentException | UnknownHostException e) {
      return false;
    }
  }

  private static RegistryConfiguration.Ldap ldap(YamlSection section) {
    String url = section.required("url");
    if (!url.isEmpty() && !url.matches("ldaps?://[^/?#\\s]+")) {
      section.refuse("url", "must be ldaps://HOST or ldap://HOST, with :PORT where it needs one");
    }
    RegistryConfiguration.Ldap ldap =
        new RegistryConfiguration.Ldap(
            url,
            section.required("userSearchBase"),
            section.text("userAttribute").orElse("uid"),
            section.text("groupSearchBase").orElse(null),
            section.has("bind") ? bind(section.section("bind")) : null,
            section.file("caFile").orElse(null));
    section.end();
    return ldap;
  }

  private static RegistryConfiguration.Bind bind(YamlSection section) {
    Path dn = section.requiredFile("dnFile");
    Path password = section.requiredFile("passwordFile");
    section.end();
    return new RegistryConfiguration.Bind(dn, password);
  }
}
