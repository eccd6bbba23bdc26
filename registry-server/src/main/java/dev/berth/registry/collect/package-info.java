/** Takes back the space of what nobody will ask for again. */
@NullMarked
package dev.berth.registry.collect;

import org.jspecify.annotations.NullMarked;
