/** Pushes against stores that fail. */
@NullMarked
package dev.berth.registry.collect;

import org.jspecify.annotations.NullMarked;
