/** What can be wrong with a Registry that its schema cannot refuse: pure functions to findings. */
@NullMarked
package dev.berth.operator.registry.check;

import org.jspecify.annotations.NullMarked;
