/** Certificates and keys from PEM files, and TLS that takes new ones while it runs. */
@NullMarked
package dev.berth.registry.tls;

import org.jspecify.annotations.NullMarked;
