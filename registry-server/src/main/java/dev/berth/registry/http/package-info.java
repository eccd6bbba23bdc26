/**
 * The OCI distribution API over HTTP: one controller an endpoint group, and how bytes and errors
 * leave.
 */
@NullMarked
package dev.berth.registry.http;

import org.jspecify.annotations.NullMarked;
