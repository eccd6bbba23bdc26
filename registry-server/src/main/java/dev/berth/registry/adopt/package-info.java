/** Takes over what CNCF distribution left on a volume: its links become rows, its blobs stay. */
@NullMarked
package dev.berth.registry.adopt;

import org.jspecify.annotations.NullMarked;
