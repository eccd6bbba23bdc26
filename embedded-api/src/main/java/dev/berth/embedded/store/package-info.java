/** Objects in memory, their revisions, and the events that watches read. */
@NullMarked
package dev.berth.embedded.store;

import org.jspecify.annotations.NullMarked;
