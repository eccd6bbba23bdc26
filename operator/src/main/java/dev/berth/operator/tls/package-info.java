/**
 * Certificates: the registry's own authority, what it issues, and the check of certificates that
 * users provide.
 */
@NullMarked
package dev.berth.operator.tls;

import org.jspecify.annotations.NullMarked;
