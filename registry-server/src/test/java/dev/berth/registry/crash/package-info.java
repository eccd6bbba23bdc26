/** Ends a server in the middle of its work, at a place that a test names. */
@NullMarked
package dev.berth.registry.crash;

import org.jspecify.annotations.NullMarked;
