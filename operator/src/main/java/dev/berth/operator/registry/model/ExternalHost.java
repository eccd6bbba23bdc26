package dev.berth.operator.registry.model;

/**
 * A name of {@code spec.externalHosts}: a DNS name or an IP address, IPv6 in brackets, with an
 * optional port.
 */
public final class ExternalHost {
  private ExternalHost() {}

  /** The name or address without its port and brackets, as a certificate names it. */
  public static String name(String host) {
    if (host.startsWith("[")) {
      return host.substring(1, Math.max(1, host.indexOf(']')));
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }
}
