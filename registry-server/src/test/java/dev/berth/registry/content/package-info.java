/** Pushes against stores that fail. */
@NullMarked
package dev.berth.registry.content;

import org.jspecify.annotations.NullMarked;
