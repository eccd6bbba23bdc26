/** The node agent, a script, run on real directory trees with the BusyBox that its image has. */
@NullMarked
package dev.berth.node;

import org.jspecify.annotations.NullMarked;
