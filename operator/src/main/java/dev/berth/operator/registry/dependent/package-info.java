/** The children of a Registry: one class renders one child from the model, and asks nobody. */
@NullMarked
package dev.berth.operator.registry.dependent;

import org.jspecify.annotations.NullMarked;
