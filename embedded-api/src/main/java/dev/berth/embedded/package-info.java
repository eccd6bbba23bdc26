/**
 * A Kubernetes API in the process: what the quickstart and the operator's tests start. Tests let
 * the one in memory fail by {@link dev.berth.embedded.EmbeddedApi#faults()}: answer any status,
 * late or not at all, and drop or expire watches.
 */
@NullMarked
package dev.berth.embedded;

import org.jspecify.annotations.NullMarked;
