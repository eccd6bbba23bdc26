package dev.berth.operator.registry.model;

import dev.berth.operator.tls.KeyPairPem;

/** Where the certificate that clients see comes from. */
public sealed interface TlsModel {

  /** Plain HTTP. */
  record Disabled() implements TlsModel {}

  /** Signed by the registry's own authority, whose certificate users trust. */
  record SelfSigned(String authorityCertificate, KeyPairPem server) implements TlsModel {}

  /** The user's own Secret of type kubernetes.io/tls. */
  record Provided(String secretName) implements TlsModel {}
}
