/**
 * Tells the tools of a cluster which registry is its own, in the ConfigMap that KEP-1755 gives for
 * that.
 */
@NullMarked
package dev.berth.operator.hosting;

import org.jspecify.annotations.NullMarked;
