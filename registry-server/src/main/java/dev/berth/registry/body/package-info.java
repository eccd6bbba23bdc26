/** Bodies of requests that are small enough to be held, and no more of them than memory holds. */
@NullMarked
package dev.berth.registry.body;

import org.jspecify.annotations.NullMarked;
