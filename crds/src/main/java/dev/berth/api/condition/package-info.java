/** The conditions that the three kinds show in their status. */
@NullMarked
package dev.berth.api.condition;

import org.jspecify.annotations.NullMarked;
